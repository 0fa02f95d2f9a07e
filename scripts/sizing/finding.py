"""A model by what a person calls it: one whose figures are kept here, a folder, or a repository of the hub."""

import tempfile
from pathlib import Path

from scripts.sizing.folder import CannotSizeError, loaded, read_folder, sized
from scripts.sizing.models import Model, known
from storage.settings import CannotStartError

ENOUGH = ("config.json", "tokenizer_config.json", "chat_template.json", "chat_template.jinja")
"""Files of a repository that are fetched to size it; of its weights, only the headers."""


class HubUnreachableError(CannotStartError):
    """A model is neither known nor a folder, and the hub did not tell of it."""

    def __init__(self, name: str, why: str) -> None:
        near = ", ".join(known())
        super().__init__(
            f"{name} is not among the models with figures of their own, is no folder, and the Hugging Face hub did not "
            f"tell of it ({why}). Give the folder with its files, or one of: {near}."
        )


def find_model(name: str) -> Model:
    """Return a model's figures.

    Raises:
        CannotSizeError: they cannot be read from its files.
        HubUnreachableError: the hub does not know it, or is not reachable.
    """
    if name in known():
        return known()[name]
    folder = Path(name).expanduser()
    if folder.is_dir():
        return read_folder(folder, name)
    if folder.is_absolute() or name.startswith((".", "~")):
        raise CannotSizeError(name, "there is no such folder")
    return _from_hub(name)


def _from_hub(name: str) -> Model:
    # Half a second to import, and only models that are not known need it.
    from httpx2 import HTTPError
    from huggingface_hub import get_safetensors_metadata, snapshot_download
    from huggingface_hub.errors import HFValidationError, NotASafetensorsRepoError
    from huggingface_hub.utils.tqdm import disable_progress_bars

    try:
        files = get_safetensors_metadata(name).files_metadata.values()
        with disable_progress_bars(), tempfile.TemporaryDirectory() as folder:
            snapshot_download(name, local_dir=folder, allow_patterns=list(ENOUGH))
            tensors = [
                (key, loaded(one.dtype, *one.data_offsets)) for file in files for key, one in file.tensors.items()
            ]
            return sized(name, Path(folder), tensors, "what its files on the hub say")
    except (HTTPError, HFValidationError, NotASafetensorsRepoError, OSError) as error:
        raise HubUnreachableError(name, (str(error).strip() or type(error).__name__).splitlines()[0]) from error
