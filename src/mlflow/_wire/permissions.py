"""What a caller must be allowed to do for an operation: a value, one for each row of the table."""

from enum import Enum
from typing import Final, NamedTuple


class Resource(Enum):
    """What a permission is held on; an id in the request leads to it."""

    NOTHING = "nothing"
    EXPERIMENT = "experiment"
    REGISTERED_MODEL = "registered_model"


class Level(Enum):
    """How much is allowed, each level with all before it."""

    ANYONE = "anyone"  # also who is not signed in
    SIGNED_IN = "signed_in"
    READ = "read"
    EDIT = "edit"
    MANAGE = "manage"


class Permission(NamedTuple):
    """A level on a kind of resource."""

    resource: Resource
    level: Level


ANYONE: Final = Permission(Resource.NOTHING, Level.ANYONE)
SIGNED_IN: Final = Permission(Resource.NOTHING, Level.SIGNED_IN)
EXPERIMENT_READ: Final = Permission(Resource.EXPERIMENT, Level.READ)
EXPERIMENT_EDIT: Final = Permission(Resource.EXPERIMENT, Level.EDIT)
EXPERIMENT_MANAGE: Final = Permission(Resource.EXPERIMENT, Level.MANAGE)
SERVER_MANAGE: Final = Permission(Resource.NOTHING, Level.MANAGE)
MODEL_READ: Final = Permission(Resource.REGISTERED_MODEL, Level.READ)
MODEL_EDIT: Final = Permission(Resource.REGISTERED_MODEL, Level.EDIT)
MODEL_MANAGE: Final = Permission(Resource.REGISTERED_MODEL, Level.MANAGE)
