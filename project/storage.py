"""Where static files come from: hashed names, the imports between ES modules rewritten to them, style sheets joined."""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import "([\w.-]+)";\n', re.MULTILINE)


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also follows `import … from "./x.js";` in modules, so that no build is needed.

    A style sheet of `@import "x.css";` lines is served as one file with those sheets in it: nothing is painted
    before the last of them has come, and each would cost another way to the server and back.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 15  # each takes the names at least one import further up

    def post_process(self, paths, dry_run=False, **options):
        """As Django's: `paths` maps a name to (storage, path); yields (name, hashed name, processed)."""
        if not dry_run:
            paths = paths | {name: self._joined(name, paths) for name in paths if name.endswith(".css")}
        return super().post_process(paths, dry_run=dry_run, **options)

    def _joined(self, name, paths):
        folder = name.rpartition("/")[0]
        sheet = _text(*paths[name])
        joined = IMPORT.sub(lambda line: _text(*paths[f"{folder}/{line[1]}"]), sheet)
        if joined == sheet:
            return paths[name]
        self.delete(name)
        self.save(name, ContentFile(joined))
        return self, name


def _text(storage, path):
    with storage.open(path) as file:
        return file.read().decode()
