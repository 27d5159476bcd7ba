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
