# Sourced by start, test and check: creates .venv and installs the package with the extras in $1 ("" or "[dev]").
# It does nothing if pyproject.toml and constraints.txt have not changed since the last install.

fail() {
    echo "shopdesk: $1" >&2
    exit 2
}

find_python() {
    for python in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

make_venv() {
    python=$(find_python)
    [ -n "$python" ] || fail "Python 3.11 or newer is required, but none was found. Install it (python.org, or your package manager), then run this again."
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --allow-existing --python "$python" .venv
    else
        "$python" -m venv .venv >/dev/null 2>&1 || fail "$python cannot create a virtual environment. Install its venv module (Debian, Ubuntu: apt install python3-venv), then run this again."
    fi
}

install() {
    if command -v uv >/dev/null 2>&1; then
        uv pip install --python .venv/bin/python -c constraints.txt -e ".$1"
        return
    fi
    rm -f .venv/failed
    { .venv/bin/python -m pip install --disable-pip-version-check -c constraints.txt -e ".$1" || touch .venv/failed; } |
        sed -n -e 's/^Collecting \([^ ]*\).*/  getting \1/p' -e '/^Installing collected/s/ packages.*/ packages .../p'
    [ ! -e .venv/failed ]
}

setup() {
    wanted="$(cat pyproject.toml constraints.txt | cksum) $PWD"
    for extras in "$1" "[dev]"; do
        if [ "$(cat ".venv/installed$extras" 2>/dev/null)" = "$wanted" ] && [ -x .venv/bin/shopdesk ]; then
            return
        fi
    done
    echo "Setting up .venv (first run, or changed dependencies). This takes a minute or two."
    [ -x .venv/bin/python ] || make_venv
    install "$1" || fail "Installing the packages failed; the lines above say why. Fix that, or delete .venv, then run this again."
    echo "$wanted" >".venv/installed$1"
}
