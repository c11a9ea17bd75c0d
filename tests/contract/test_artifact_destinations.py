"""What holds of every destination of artifacts: whole files or none, under the names they have."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import urllib3

from mlflow._core.clock import now_ms
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.contract import CHUNK, ArtifactFiles, Multipart, Part, Presigned, Writer
from mlflow.store.artifact.destinations import open_destination
from mlflow.store.artifact.object_files import ObjectFiles
from mlflow.store.artifact.s3_parts import S3Parts
from tests.contract.object_servers import ObjectServer, azure_server, s3_server

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def s3() -> Iterator[ObjectServer]:
    """A server with S3's protocol."""
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectServer]:
    """Azure's emulator."""
    with azure_server(tmp_path_factory.mktemp("azure")) as server:
        yield server


@pytest.fixture(scope="module")
def gcs(s3: ObjectServer) -> ObjectServer:
    """A server with the protocol of Google's."""
    return s3.as_gcs()


@pytest.fixture(params=["local", "s3", "azure", "gcs"])
def files(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ArtifactFiles:
    """An empty place at each destination in turn."""
    if request.param == "local":
        return open_destination(str(tmp_path / "root"))
    server: ObjectServer = request.getfixturevalue(request.param)
    return opened(server, monkeypatch)


def opened(server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> ArtifactFiles:
    """Return an empty place on a server."""
    for name, text in server.variables.items():
        monkeypatch.setenv(name, text)
    return open_destination(f"{server.uri}/some prefix/{uuid4().hex}")


@pytest.fixture
def reopened(files: ArtifactFiles) -> Callable[[], ArtifactFiles]:
    """Opens the place again, as another process does."""
    return lambda: open_destination(files.uri)


def multipart(files: ArtifactFiles) -> Multipart:
    """Return the destination's uploads in parts; each one here has them."""
    assert files.multipart is not None
    return files.multipart


def write_part(parts: Multipart, path: str, upload_id: str, number: int, content: bytes) -> Part:
    """Store a part that comes in three pieces."""
    third = len(content) // 3 + 1
    pieces = [content[start : start + third] for start in range(0, len(content), third)]
    return parts.write_part(path, upload_id, number, pieces, size=len(content))


def put(files: ArtifactFiles, path: str, content: bytes) -> None:
    """Write a file in small pieces."""
    with files.create(path) as writer:
        for start in range(0, len(content), 100_000):
            writer.write(content[start : start + 100_000])


def get(files: ArtifactFiles, path: str, *, start: int = 0, stop: int | None = None) -> bytes:
    """Read a file, or a part of it."""
    with files.read(path, start=start, stop=stop) as reader:
        return b"".join(reader)


def names(files: ArtifactFiles, path: str = "") -> list[str]:
    """Return a listing with a slash after the names of folders."""
    return [info.path + "/" * info.is_dir for info in files.list(path)]


def fail_after(writer: Writer, size: int) -> None:
    """Write so many bytes and fail."""
    for _ in range(0, size, MIB):
        writer.write(b"x" * min(size, MIB))
    raise ZeroDivisionError


def code(error: pytest.ExceptionInfo[MlflowException]) -> str:
    return error.value.error_code


def test_a_file_comes_back_as_it_went_in(files: ArtifactFiles) -> None:
    """Bytes, size, digest, and times are those of the file; nothing else is listed."""
    content = bytes(range(256)) * 1000
    digest = hashlib.sha256(content).hexdigest()
    with files.create("models/m/data.bin", size=len(content), sha256=digest) as writer:
        writer.write(content[:10])
        writer.write(memoryview(content)[10:])
        written = writer.commit()
    assert (written.size, written.sha256) == (len(content), digest)
    found = files.stat("models/m/data.bin")
    assert (found.path, found.size) == ("models/m/data.bin", len(content))
    assert found.sha256 in (digest, None)
    assert found.etag == written.etag
    assert found.etag
    assert get(files, "models/m/data.bin") == content
    assert names(files) == ["models/"]
    assert names(files, "models") == ["models/m/"]
    [info] = files.list("models/m")
    assert (info.path, info.is_dir, info.file_size) == ("models/m/data.bin", False, len(content))


def test_a_digest_is_recorded_where_the_destination_can(
    files: ArtifactFiles, request: pytest.FixtureRequest
) -> None:
    """Without being announced too, when the file is small enough to be sent at its end."""
    put(files, "a", b"content")
    with files.read("a") as reader:
        recorded = files.stat("a").sha256, reader.stat.sha256
    expected = hashlib.sha256(b"content").hexdigest()
    if "gcs" not in request.node.name:  # the server knows no metadata by Google's names
        assert recorded == (expected, expected)


@pytest.mark.parametrize(
    "name",
    [
        "a b.txt",
        "ümläut/ß漢字😀.txt",
        "a%20b",
        "100%",
        "what?.txt",
        "a#b",
        "a+b=&;'@$:~*!()[]{}|^`\"<>",
        ".hidden",
        "-",
        "e\u0301",
        "\u00e9",
        "x" * 200,
        "a/b/c/d/e/f/g/h",
    ],
)
def test_odd_names_stay_as_they_are(files: ArtifactFiles, name: str) -> None:
    """What is written under a name is listed, found and read under it."""
    put(files, name, name.encode())
    assert get(files, name) == name.encode()
    assert files.stat(name).path == name
    folder = name.rpartition("/")[0]
    assert names(files, folder) == [name]
    files.delete(name)
    assert files.find(name) is None


@pytest.mark.parametrize(
    ("size", "start", "stop"),
    [
        (0, 0, None),
        (0, 0, 0),
        (10, 0, 0),
        (10, 10, None),
        (10, 9, 100),
        (10, 3, 7),
        (9 * MIB + 1, 8 * MIB - 1, 8 * MIB + 1),
        (9 * MIB + 1, 1, None),
        (25 * MIB, 0, None),
    ],
)
def test_any_range_can_be_read(
    files: ArtifactFiles, size: int, start: int, stop: int | None
) -> None:
    """Also an empty one, and one past the end; a chunk is never larger than agreed."""
    content = hashlib.shake_128(b"seed").digest(size)
    put(files, "f", content)
    with files.read("f", start=start, stop=stop) as reader:
        chunks = list(reader)
        assert (reader.stat.size, reader.start, reader.stop) == (
            size,
            start,
            size if stop is None else min(stop, size),
        )
    assert b"".join(chunks) == content[start:stop]
    assert max(map(len, chunks), default=0) <= CHUNK


def test_a_range_after_the_end_is_an_error(files: ArtifactFiles) -> None:
    """Instead of bytes that nobody asked for."""
    put(files, "f", b"12345")
    with pytest.raises(MlflowException) as error:
        files.read("f", start=6)
    assert code(error) == "INVALID_PARAMETER_VALUE"


def test_what_is_not_there_is_an_error_or_nothing(files: ArtifactFiles) -> None:
    """Reading raises; finding, listing and deleting give nothing."""
    put(files, "folder/file", b"1")
    for path in ("none", "folder", "folder/none", "folder/file/none"):
        for call in (files.stat, files.read):
            with pytest.raises(MlflowException) as error:
                call(path)
            assert code(error) in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"), path
    assert files.find("none") is None
    assert names(files, "none") == []
    assert names(files, "folder/file") == []
    files.delete("none")
    found = files.find("folder")
    assert found is not None
    assert found.is_dir


def test_a_folder_is_listed_in_pages(files: ArtifactFiles) -> None:
    """Every entry once, in the order of the names, folders among files."""
    for name in ("d", "b/1", "a", "c/x/y", "b/2", "e"):
        put(files, name, b"")
    pages = []
    token = None
    while True:
        page = files.list_page("", token=token, limit=2)
        pages.append([info.path for info in page.entries])
        token = page.next_token
        if token is None:
            break
    assert pages == [["a", "b"], ["c", "d"], ["e"]]
    assert [info.path for info in files.list("b")] == ["b/1", "b/2"]


def test_deleting_a_folder_deletes_what_it_holds(files: ArtifactFiles) -> None:
    """And nothing whose name only begins with the same letters."""
    for name in ("run/a", "run/b/c", "run2/a", "run.txt"):
        put(files, name, b"1")
    files.delete("run")
    assert sorted(names(files)) == ["run.txt", "run2/"]
    files.delete("")
    assert names(files) == []
    assert files.find("") is None


def test_a_wrong_announcement_leaves_nothing(files: ArtifactFiles) -> None:
    """Fewer bytes, more bytes, other bytes: an error, and the old file stays."""
    put(files, "f", b"old")
    for size, sha256, content in (
        (10, None, b"short"),
        (3, None, b"longer"),
        (None, "0" * 64, b"other"),
        (20 * MIB, None, b"x" * (19 * MIB)),
        (20 * MIB, "0" * 64, b"x" * (20 * MIB)),
    ):
        for name in ("f", "new"):
            writer = files.create(name, size=size, sha256=sha256)
            with pytest.raises(MlflowException) as error, writer:
                writer.write(content)
            assert code(error) == "DATA_LOSS"
    assert get(files, "f") == b"old"
    assert names(files) == ["f"]


def test_an_aborted_write_leaves_nothing(files: ArtifactFiles) -> None:
    """Small or large, by an error of the caller or on purpose; aborting again does nothing."""
    for size in (10, 30 * MIB):
        writer = files.create("f")
        with pytest.raises(ZeroDivisionError), writer:
            fail_after(writer, size)
        writer.abort()
        assert files.find("f") is None
    assert names(files) == []


def test_nothing_shows_before_the_commit(files: ArtifactFiles) -> None:
    """Neither in listings nor by name, however much is written."""
    with files.create("folder/f") as writer:
        writer.write(b"x" * (26 * MIB))
        assert files.find("folder/f") is None
        assert names(files, "folder") == []
    assert files.stat("folder/f").size == 26 * MIB


def test_of_several_writers_one_wins_whole(files: ArtifactFiles) -> None:
    """Threads that write one name leave the content of one of them."""
    contents = [bytes([number]) * (2 * MIB) for number in range(4)]
    threads = [threading.Thread(target=put, args=(files, "same", content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert get(files, "same") in contents
    assert names(files) == ["same"]


def test_names_of_writes_in_progress_are_refused(files: ArtifactFiles) -> None:
    """Nobody reads or writes the hidden folder by naming it."""
    for path in (".headrace-uploads.part", ".headrace-uploads.part/x", "a/.headrace-1.part"):
        for call in (files.create, files.read, files.stat, files.find, files.list, files.delete):
            with pytest.raises(MlflowException) as error:
                call(path)
            assert code(error) == "INVALID_PARAMETER_VALUE"


def test_an_upload_in_parts_becomes_one_file(files: ArtifactFiles) -> None:
    """Parts come in any order and again; nothing shows before the end, nothing is left after it."""
    contents = [hashlib.shake_128(bytes([n])).digest(5 * MIB) for n in range(3)] + [b"last"]
    whole = b"".join(contents)
    parts = multipart(files)
    upload_id = parts.begin("deep/file", sha256=hashlib.sha256(whole).hexdigest())
    for number in (3, 1, 4, 2):
        write_part(parts, "deep/file", upload_id, number, b"x" * (5 * MIB))
    for number in (4, 3, 2, 1):
        write_part(parts, "deep/file", upload_id, number, contents[number - 1])
    assert names(files) == []
    stored = parts.list_parts("deep/file", upload_id)
    assert [(part.number, part.size) for part in stored] == [
        (number, len(content)) for number, content in enumerate(contents, 1)
    ]
    digest = hashlib.sha256(whole).hexdigest()
    stat = parts.complete("deep/file", upload_id, stored, sha256=digest)
    assert stat.size == len(whole)
    assert get(files, "deep/file") == whole
    assert names(files) == ["deep/"]
    with pytest.raises(MlflowException) as error:
        parts.list_parts("deep/file", upload_id)
    assert code(error) == "RESOURCE_DOES_NOT_EXIST"


def test_an_upload_in_parts_goes_on_in_another_process(
    files: ArtifactFiles, reopened: Callable[[], ArtifactFiles]
) -> None:
    """What one process began and a second continued, a third completes."""
    upload_id = multipart(files).begin("file")
    first = write_part(multipart(reopened()), "file", upload_id, 1, b"a" * (5 * MIB))
    second = write_part(multipart(reopened()), "file", upload_id, 2, b"b")
    parts = multipart(reopened())
    listed = parts.list_parts("file", upload_id)
    assert [(part.number, part.etag) for part in listed] == [(1, first.etag), (2, second.etag)]
    parts.complete("file", upload_id, [first, second])
    assert get(files, "file") == b"a" * (5 * MIB) + b"b"


def test_a_part_of_another_size_is_refused(files: ArtifactFiles) -> None:
    """It is not stored, and a stored one of its number stays."""
    parts = multipart(files)
    upload_id = parts.begin("file")
    kept = write_part(parts, "file", upload_id, 1, b"12345")
    for chunks in ([b"1234"], [b"123", b"456"], []):
        with pytest.raises(MlflowException) as error:
            parts.write_part("file", upload_id, 1, chunks, size=5)
        assert code(error) == "DATA_LOSS"
    assert [part.etag for part in parts.list_parts("file", upload_id)] == [kept.etag]


def test_an_upload_completes_only_with_the_parts_that_are_there(files: ArtifactFiles) -> None:
    """A missing part, another version of one, none at all: an error, and the upload goes on."""
    parts = multipart(files)
    upload_id = parts.begin("file")
    old = write_part(parts, "file", upload_id, 1, b"old")
    new = write_part(parts, "file", upload_id, 1, b"new")
    for asked in ([], [old], [new, new._replace(number=2)]):
        with pytest.raises(MlflowException) as error:
            parts.complete("file", upload_id, asked)
        assert code(error) == "INVALID_PARAMETER_VALUE"
    assert files.find("file") is None
    parts.complete("file", upload_id, [new])
    assert get(files, "file") == b"new"


def test_an_aborted_upload_is_gone(files: ArtifactFiles) -> None:
    """Its parts too; aborting again does nothing, and an id serves for its own path only."""
    parts = multipart(files)
    upload_id = parts.begin("file")
    part = write_part(parts, "file", upload_id, 1, b"1")
    for path, wrong in (("other", upload_id), ("file", "0" * 32), ("file", "../../x")):
        with pytest.raises(MlflowException) as error:
            parts.complete(path, wrong, [part])
        assert code(error) == "RESOURCE_DOES_NOT_EXIST"
    parts.abort("file", upload_id)
    parts.abort("file", upload_id)
    with pytest.raises(MlflowException) as error:
        write_part(parts, "file", upload_id, 2, b"1")
    # The server of S3's protocol fails where S3 answers that there is no such upload.
    assert code(error) in ("RESOURCE_DOES_NOT_EXIST", "TEMPORARILY_UNAVAILABLE")
    assert files.find("file") is None


def test_what_was_left_behind_is_cleaned_away(files: ArtifactFiles) -> None:
    """An upload that was begun before the given time; a file never, and no younger upload."""
    put(files, "kept", b"1")
    parts = multipart(files)
    upload_id = parts.begin("file")
    write_part(parts, "file", upload_id, 1, b"1")
    if not isinstance(parts, S3Parts):  # whose test server begins each upload in 2010
        assert files.clean(before_ms=now_ms() - 3_600_000) == 0
    assert len(parts.list_parts("file", upload_id)) == 1
    assert files.clean(before_ms=now_ms() + 3_600_000) == 1
    with pytest.raises(MlflowException):
        parts.list_parts("file", upload_id)
    assert names(files) == ["kept"]


def test_signed_requests_reach_the_destination(
    files: ArtifactFiles, request: pytest.FixtureRequest
) -> None:
    """A client that has no credentials uploads and downloads by them; odd names never fail."""
    if files.presigner is None or "gcs" in request.node.name:  # there is no key to sign with
        pytest.skip("this destination has no such requests")
    presigner = open_destination(files.uri.replace("some prefix", "plain")).presigner
    assert presigner is not None
    paths = ["folder/name-1.txt", "a b/ümläut#1?.txt"]
    if "azure" in request.node.name:
        with pytest.raises(MlflowException) as error:
            presigner.presign_put(paths.pop(), seconds=60)
        assert code(error) == "NOT_IMPLEMENTED"  # such names go through the server
    for path in paths:
        assert send(presigner.presign_put(path, seconds=60), b"content").status in (200, 201)
        assert send(presigner.presign_get(path, seconds=60)).data == b"content"


def test_parts_can_be_uploaded_by_signed_requests(
    s3: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tag that the destination answers names the part in the end."""
    files = opened(s3, monkeypatch)
    presigner, parts = files.presigner, multipart(files)
    assert presigner is not None
    upload_id = parts.begin("a b/ü")
    request = presigner.presign_part("a b/ü", upload_id, 1, seconds=60)
    assert request is not None
    assert send(request, b"content").headers["ETag"].strip('"') == (
        parts.list_parts("a b/ü", upload_id)[0].etag
    )
    parts.complete("a b/ü", upload_id, parts.list_parts("a b/ü", upload_id))
    assert get(files, "a b/ü") == b"content"


def test_without_an_access_key_parts_are_objects(
    s3: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine's own role signs for obstore only; uploads in parts work all the same."""
    files = opened(s3, monkeypatch)
    assert isinstance(files, ObjectFiles)
    plain = ObjectFiles(files.place)
    parts = multipart(plain)
    upload_id = parts.begin("file")
    stored = [write_part(parts, "file", upload_id, n, b"%d" % n * (6 * MIB)) for n in (1, 2)]
    assert names(plain) == []
    parts.complete("file", upload_id, stored)
    assert get(plain, "file") == b"1" * (6 * MIB) + b"2" * (6 * MIB)


def send(request: Presigned, body: bytes | None = None) -> urllib3.BaseHTTPResponse:
    """Send a signed request as any client would."""
    return urllib3.request(
        request.method, request.url, headers=request.headers, body=body, retries=False
    )
