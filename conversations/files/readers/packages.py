"""Office packages: their parts, found from one another by the kind of their relation."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from docx.opc.oxml import parse_xml
from docx.opc.packuri import PACKAGE_URI, PackURI
from docx.opc.phys_pkg import PhysPkgReader

from conversations.files.readers.bounds import BROKEN, RefusedError, refuse_bombs

MAIN = "officeDocument"
_reader: Any = PhysPkgReader
_parse_xml: Any = parse_xml
_PARTS = (".xml", ".rels")
_RELATIONS = "_rels/.rels"
_EXTERNAL = "External"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_USUAL = rb"http://schemas.openxmlformats.org/\1/2006/"


def opened(source: IO[bytes]) -> IO[bytes]:
    """Return an Office file for a library that does not know the names of its strict form.

    :raises RefusedError: it is damaged, locked or too large.
    """
    refuse_bombs(source)
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
        if _RELATIONS in names and _STRICT.search(archive.read(_RELATIONS)):
            return _usual(archive)
    source.seek(0)
    return source


def _usual(archive: zipfile.ZipFile) -> IO[bytes]:
    """Return the parts that may hold words, in the usual form."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as usual:
        for name in archive.namelist():
            if name.endswith(_PARTS):
                usual.writestr(name, _STRICT.sub(_USUAL, archive.read(name)))
    target.seek(0)
    return target


class Package:
    """The parts of a file, each read when it is asked for; one that is missing is no part."""

    def __init__(self, source: IO[bytes]) -> None:
        """Open the file, which stays within the bounds of reading."""
        self._reader = _reader(opened(source))
        self.main = next((place for _, place in self._related(PACKAGE_URI, MAIN)), None)
        if self.main is None:
            raise RefusedError(BROKEN)

    def parts(self, *kinds: str) -> Iterator[tuple[str, Any]]:
        """Yield kind and root of the parts to which the main part is related, in its order."""
        for kind, place in self._related(self.main, *kinds):
            if (root := self._root(place)) is not None:
                yield kind, root

    def body(self) -> Any:
        """Return the root of the main part."""
        if (root := self._root(self.main)) is None:
            raise RefusedError(BROKEN)
        return root

    def _root(self, place: PackURI | None) -> Any:
        try:
            return _parse_xml(self._reader.blob_for(place))
        except KeyError:
            return None

    def _related(self, place: PackURI | None, *kinds: str) -> Iterator[tuple[str, PackURI]]:
        if place is None or not (listed := self._reader.rels_xml_for(place)):
            return
        for relation in _parse_xml(listed).Relationship_lst:
            kind = relation.reltype.rpartition("/")[2]
            if kind in kinds and relation.target_mode != _EXTERNAL:
                yield kind, PackURI.from_rel_ref(place.baseURI, relation.target_ref)
