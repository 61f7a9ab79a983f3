"""Where static files come from: hashed names, with the imports between ES modules rewritten to them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also follows `import … from "./x.js";` in modules, so that no build is needed."""

    support_js_module_import_aggregation = True
