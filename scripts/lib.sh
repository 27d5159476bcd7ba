# Shared by the scripts: speaking to the person, and finding the repository.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ -t 1 ]; then bold=$(printf '\033[1m'); dim=$(printf '\033[2m'); red=$(printf '\033[31m'); plain=$(printf '\033[0m')
else bold=; dim=; red=; plain=; fi

say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
note() { printf '    %s%s%s\n' "$dim" "$*" "$plain"; }
die() { printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2; exit 1; }

# step NAME COMMAND...: runs the command, says how long it took, stops the script when it fails.
step() {
    local name=$1 begun=$SECONDS
    shift
    say "$name"
    "$@" || die "$name failed (see above)"
    note "done in $((SECONDS - begun)) s"
}

# install_missing PACKAGE...: installs the system packages that are missing, through apt.
install_missing() {
    local package missing=() sudo= log
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "missing: ${missing[*]}. This script installs them with apt; on another system install their equivalents by hand"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "missing: ${missing[*]}. Run 'apt-get install ${missing[*]}' as root"
        sudo=sudo
    fi
    say "Installing system packages: ${missing[*]}"
    log=$(mktemp)
    if ! { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "apt could not install ${missing[*]}"
    fi
    rm -f "$log"
}
