import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import environment
from sandbox.layout import Layout

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "canary",
    "AWS_SECRET_ACCESS_KEY": "canary",
    "AWS_PROFILE": "canary",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "canary",
    "PULUMI_ACCESS_TOKEN": "canary",
    "PULUMI_CONFIG_PASSPHRASE": "canary",
    "GITHUB_TOKEN": "canary",
    "HTTPS_PROXY": "http://user:canary@proxy",
    "KUBECONFIG": "canary",
}


def test_no_credential_is_passed_on(layout: Layout) -> None:
    base = environment.clean({"PATH": "/bin", "LC_ALL": "C", **CREDENTIALS})
    variables = environment.for_cli(layout, Path("/cli/pulumi"), base)
    assert "canary" not in str(variables)
    assert variables["LC_ALL"] == "C"


def test_credentials_in_the_home_folder_are_out_of_reach() -> None:
    variables = environment.clean({"HOME": "/home/me"})
    assert variables["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert variables["AWS_CONFIG_FILE"] == "/dev/null"
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"
    assert variables["KUBECONFIG"] == "/dev/null"


def test_state_home_and_secrets_of_the_cli_are_the_sandboxes_own(layout: Layout) -> None:
    variables = environment.for_cli(layout, Path("/cli/pulumi"), {"PATH": "/bin"})
    assert variables["PULUMI_BACKEND_URL"] == f"file://{layout.base}/state"
    assert variables["PULUMI_HOME"] == str(layout.base / "home")
    assert variables["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(layout.passphrase)
    assert variables["PULUMI_STACK"] == "dev"
    assert variables["PULUMI_SKIP_UPDATE_CHECK"] == "true"
    assert variables["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert variables["PATH"] == f"{layout.shims}:/cli:/bin"


def test_the_passphrase_is_private_and_stays(layout: Layout) -> None:
    environment.prepare(layout)
    first = layout.passphrase.read_text(encoding="utf-8")
    assert layout.passphrase.stat().st_mode & 0o777 == 0o600
    assert len(first) >= 32
    environment.prepare(layout)
    assert layout.passphrase.read_text(encoding="utf-8") == first


def test_each_sandbox_has_a_passphrase_of_its_own(tmp_path: Path) -> None:
    layouts = [Layout.for_stack("dev", tmp_path / name) for name in ("one", "other")]
    for layout in layouts:
        environment.prepare(layout)
    one, other = (layout.passphrase.read_text(encoding="utf-8") for layout in layouts)
    assert one != other


def test_the_pack_is_started_with_address_and_folder_only(layout: Layout) -> None:
    """What the CLI adds (-virtualenv=…) would be taken for -v by Python's runner."""
    environment.prepare(layout)
    starter = layout.shims / "pulumi-analyzer-policy-python"
    assert sys.executable in starter.read_text(encoding="utf-8")
    pack = layout.policies / "__main__.py"
    pack.write_text("import sys; print(sys.argv, sys.path[0])", encoding="utf-8")
    done = subprocess.run(
        [starter, "127.0.0.1:1", ".", "-virtualenv=../.venv"],
        cwd=layout.policies,
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    assert "127.0.0.1:1" in done.stdout
    assert "virtualenv" not in done.stdout
    assert done.stdout.strip().endswith(".")  # the pack's own folder comes first


def test_the_pack_sees_no_module_of_the_project(layout: Layout) -> None:
    environment.prepare(layout)
    (layout.policies / "__main__.py").write_text("import sandbox", encoding="utf-8")
    done = subprocess.run(
        [layout.shims / "pulumi-analyzer-policy-python", "127.0.0.1:1", "."],
        cwd=layout.policies,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "No module named 'sandbox'" in done.stdout + done.stderr


def test_the_pack_ends_with_the_process_that_started_it(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pulumi's own runner would outlive a CLI that was killed."""
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    environment.prepare(layout)
    (layout.policies / "__main__.py").write_text(
        "import time; print('ready', flush=True); time.sleep(60); print('late')", encoding="utf-8"
    )
    parent = (
        "import subprocess, sys, os\n"
        "pack = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)\n"
        "pack.stdout.readline(); print(pack.pid, flush=True); os._exit(0)\n"
    )
    pid = int(
        subprocess.run(
            [
                sys.executable,
                "-c",
                parent,
                layout.shims / "pulumi-analyzer-policy-python",
                "a",
                ".",
            ],
            cwd=layout.policies,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
    )
    assert ends(pid)


def ends(pid: int, seconds: float = 10) -> bool:
    """Whether a process ends in time; one that only waits to be asked how has ended."""
    import time  # noqa: PLC0415 - used here only

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return True
        if facts.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
