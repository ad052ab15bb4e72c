# Shared by quickstart and test: packages and build. Sourced, never run.
# shellcheck shell=bash disable=SC2034,SC2154

say() { printf '==> %s\n' "$*"; }

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# What building needs, and what the tests need on top of it (all from Debian 12).
BUILD_PACKAGES=(gcc libc6-dev cmake ninja-build pkg-config libzmq3-dev libmsgpack-dev
    libsqlite3-dev libyajl-dev libyaml-dev libsodium-dev libxxhash-dev)
TEST_PACKAGES=(libcriterion-dev clang clang-format clang-tidy libclang-rt-14-dev cppcheck shellcheck
    sqlite3)

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "installing packages needs root or sudo; please install: ${missing[*]}"
    fi
}

# install_packages NAME...: installs those that are missing, says which and how much.
install_packages() {
    missing=()
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        say "packages: all $# are installed"
        return
    fi
    export DEBIAN_FRONTEND=noninteractive
    say "packages to install: ${missing[*]}"
    as_root apt-get update -qq
    apt-get install --print-uris -qq -y --no-install-recommends "${missing[@]}" |
        awk '{ bytes += $3; n++ }
             END { printf "==> %d packages with what they need, %.1f MB to download\n", n, bytes / 1e6 }'
    as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        die "apt-get install failed"
}

# configure_and_build DIR [cmake option...]
configure_and_build() {
    local dir=$1
    shift
    say "build: $dir"
    cmake -S "$top" -B "$dir" -G Ninja "$@" >"$dir.configure.log" 2>&1 || {
        cat "$dir.configure.log" >&2
        die "cmake failed"
    }
    mv "$dir.configure.log" "$dir/configure.log"
    cmake --build "$dir" >"$dir/build.log" 2>&1 || {
        tail -n 60 "$dir/build.log" >&2
        die "the build failed; see $dir/build.log"
    }
}
