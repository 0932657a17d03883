# SPDX-License-Identifier: MIT
"""`make setup`: Python environment, npm packages, native forge, anvil and cast, the Solidity compiler.

Each step runs only if what it is made from changed, and stamps itself as done last.
"""

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.common import (
    BIN,
    CACHE,
    ROOT,
    SOLC_FOLDER,
    VENV,
    ToolError,
    content_hash,
    die,
    exclusive,
    is_fresh,
    run_logged,
    say,
    stamp,
    unstamp,
)
from tools.settings import compiler_settings

PYTHONS = ((3, 11), (3, 12), (3, 13))
NODE = "Node.js 20.19 or newer (20.x), or 22.12 or newer"
FOUNDRY_TOOLS = ("forge", "anvil", "cast")


def python_key() -> str:
    return content_hash([ROOT / "requirements-dev.txt"], "python", "1", str(ROOT))


def wattbook_key() -> str:
    return content_hash([ROOT / "pyproject.toml"], "wattbook", "1", python_key())


def node_key() -> str:
    return content_hash([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"], "node", "1")


def solc_key() -> str:
    shim = ROOT / "tools" / "solc" / "solc.cjs"
    return content_hash([shim], "solc", "1", compiler_settings().version, node_key())


def python_outputs() -> list[Path]:
    return [VENV / "bin" / name for name in ("python", "brownie", "pytest", "ruff")]


def wattbook_outputs() -> list[Path]:
    return [VENV / "bin" / "wattbook"]


def node_outputs() -> list[Path]:
    return [ROOT / "node_modules" / "solc" / "package.json", *(BIN / tool for tool in FOUNDRY_TOOLS)]


def solc_outputs() -> list[Path]:
    return [SOLC_FOLDER / f"solc-v{compiler_settings().version}"]


def find_python() -> str:
    """A Python that Wattbook runs on: $PYTHON, else the usual names on PATH."""
    wanted = os.environ.get("PYTHON")
    for name in (
        [wanted] if wanted else ["python3", *(f"python{a}.{b}" for a, b in reversed(PYTHONS)), "python"]
    ):
        path = shutil.which(name)
        if not path:
            continue
        ask = [path, "-c", "import sys; print(*sys.version_info[:2])"]
        answer = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.split()
        if tuple(int(part) for part in answer) in PYTHONS:
            return path
    raise ToolError(
        f"{wanted or 'no python3 here'} is not Python 3.11, 3.12 or 3.13: install one of these, or name it "
        "with `make setup PYTHON=...`."
    )


def setup_python() -> None:
    python = find_python()
    lock = (ROOT / "requirements-dev.txt").read_text()
    uv = next(line.split()[0] for line in lock.splitlines() if line.startswith("uv=="))
    interpreter = VENV / "bin" / "python"
    version = subprocess.run(
        [python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=True
    )
    marker = VENV / ".made-with"
    made_with = f"{version.stdout.strip()} {VENV}"
    fresh = not interpreter.exists() or not marker.exists() or marker.read_text() != made_with
    try:
        if fresh:
            shutil.rmtree(VENV, ignore_errors=True)
            try:
                run_logged("setup-venv", [python, "-m", "venv", VENV])
            except ToolError as error:
                if "ensurepip" in str(error):
                    raise ToolError(
                        f"{python} can't make virtual environments: install python3-venv or its like."
                    ) from error
                raise
            run_logged("setup-uv", [interpreter, "-m", "pip", "install", "-q", uv], registry="Python")
            marker.write_text(made_with)
        sync: list[str | Path] = [
            interpreter,
            "-m",
            "uv",
            "pip",
            "sync",
            "--python",
            interpreter,
            "--require-hashes",
        ]
        run_logged("setup-python", [*sync, "requirements-dev.txt"], registry="Python")
    except BaseException:
        if fresh:
            shutil.rmtree(VENV, ignore_errors=True)
        raise
    # Brownie's compiled modules crash in five features; its Python sources lie beside them (docs: toolchain).
    (brownie,) = VENV.glob("lib/python3.*/site-packages/brownie")
    for compiled in brownie.rglob("*.so"):
        compiled.unlink()


def setup_wattbook() -> None:
    """Installs the project as a path file to the checkout, so that packages added later are found as well."""
    run_logged(
        "setup-wattbook",
        [
            *(VENV / "bin" / "python", "-m", "uv", "pip", "install", "--python", VENV / "bin" / "python"),
            *("--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat", "-e", ROOT),
        ],
        registry="Python",
    )


def setup_node() -> None:
    check_node()
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="node-", dir=CACHE) as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, work / name)
        run_logged("setup-npm", ["npm", "ci", "--no-progress"], cwd=work, registry="npm")
        modules = ROOT / "node_modules"
        if modules.exists():
            modules.rename(work / "old")
        (work / "node_modules").rename(modules)
    link_foundry()


def check_node() -> None:
    try:
        text = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise ToolError(f"node isn't installed: install {NODE}, with npm.") from None
    major, minor = (int(part) for part in text.strip().lstrip("v").split(".")[:2])
    if not ((major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22):
        raise ToolError(f"node {text.strip()} is too old: install {NODE}.")


def link_foundry() -> None:
    """Links the native programs: npm's wrappers return 0 for a failing test and leave anvil behind."""
    system = {"Linux": "linux", "Darwin": "darwin"}.get(platform.system(), "")
    cpu = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(
        platform.machine(), ""
    )
    for tool in FOUNDRY_TOOLS:
        native = ROOT / "node_modules" / "@foundry-rs" / f"{tool}-{system}-{cpu}" / "bin" / tool
        if not native.exists():
            raise ToolError(
                f"the npm registry has no {tool} for {platform.system()} {platform.machine()}: "
                "use Linux on amd64, or a registry that serves that package."
            )
        native.chmod(0o755)
        link = BIN / tool
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(native, BIN))


def setup_solc() -> None:
    """A native compiler if it can be downloaded, else npm's in WebAssembly: same version, same code."""
    version = compiler_settings().version
    SOLC_FOLDER.mkdir(parents=True, exist_ok=True)
    target = SOLC_FOLDER / f"solc-v{version}"
    shim = ROOT / "tools" / "solc" / "solc.cjs"
    shim.chmod(0o755)
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="solc-", dir=CACHE) as folder:
        install = f"import solcx; solcx.install_solc({version!r}, solcx_binary_path={folder!r})"
        try:
            subprocess.run(
                [VENV / "bin" / "python", "-c", install],
                cwd=folder, env={**os.environ, "HOME": folder}, timeout=60, check=True, capture_output=True,
            )  # fmt: skip
            native = Path(folder) / f"solc-v{version}"
            ours = subprocess.run([native, "--version"], capture_output=True, text=True, check=True).stdout
            module = subprocess.run([shim, "--version"], capture_output=True, text=True, check=True).stdout
            if ours.split("commit.")[1][:8] != module.split("commit.")[1][:8]:
                raise ToolError("not the same compiler")
            native.replace(target)
            say("  solc: native")
        except (OSError, subprocess.SubprocessError, ToolError, IndexError):
            target.symlink_to(os.path.relpath(shim, SOLC_FOLDER))
            say("  solc: npm's, in WebAssembly (a native one can't be downloaded here)")


def main() -> None:
    steps = [
        ("python", python_key, python_outputs, setup_python),
        ("wattbook", wattbook_key, wattbook_outputs, setup_wattbook),
        ("node", node_key, node_outputs, setup_node),
        ("solc", solc_key, solc_outputs, setup_solc),
    ]
    if all(is_fresh(name, key(), outputs()) for name, key, outputs, _ in steps):
        return
    try:
        with exclusive("setup"):
            for name, key, outputs, run in steps:
                if is_fresh(name, key(), outputs()):
                    continue
                say(f"setup: {name}")
                unstamp(name)
                run()
                stamp(name, key())
    except ToolError as error:
        die(str(error))


if __name__ == "__main__":
    main()
