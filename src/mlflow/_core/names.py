"""Names for runs and models that nobody named: adjective, animal or thing, number."""

import random
from typing import Final

_ADJECTIVES: Final = tuple(
    """
    able amber ample azure balmy bold brave bright brisk bronze calm candid cheerful clear
    clever cobalt copper coral cosy crimson crisp curious daring deft eager early earnest fair
    fancy fleet fond frank free fresh gentle gifted glad golden grand green happy hardy honest
    humble indigo ivory jade jolly keen kind lively lucid lucky lunar mellow merry mighty
    misty modest neat nimble noble olive patient placid plucky polite proud quick quiet rapid
    ready robust rosy ruby rustic sable sage scarlet serene sharp silver sincere sleek smooth
    snowy solar spry steady stellar still stout sunny swift tidy tranquil trusty upbeat velvet
    vivid warm wise witty zesty
    """.split()  # noqa: SIM905 - words read better as a paragraph
)
_NOUNS: Final = tuple(
    """
    alder ant aspen auk badger bass bat bear beaver bee birch bison brook canyon carp cedar
    chough clover cod colt comet condor cove crab crane creek cricket crow curlew dale deer
    delta dove duck dune eagle eel egret elk elm fern finch fjord flint foal fox frog gale
    glade goat goose grove gull hare harbor hawk heath heron hill ibex ibis island jay kelp
    kestrel kite lagoon lake lamb lark lily loon lynx maple marten meadow mink mole moon moose
    moss moth newt oak orca oriole otter owl oyster palm panda pebble perch pike pine plover
    pond puffin quail rabbit raven reed reef ridge river robin rook salmon seal shore shrew
    sky sloth snail sparrow spruce squid star stoat stone stork storm swan tern thrush tide
    toad trout tuna vale valley vole walrus wave weasel whale willow wolf wren yak
    """.split()  # noqa: SIM905 - words read better as a paragraph
)
# A generator of its own: a user's random.seed() neither fixes our names nor is moved by them.
_random: Final = random.SystemRandom()


def random_run_name() -> str:
    """Return a name such as ``brisk-heron-417``."""
    adjective, noun = _random.choice(_ADJECTIVES), _random.choice(_NOUNS)
    return f"{adjective}-{noun}-{_random.randrange(1000)}"
