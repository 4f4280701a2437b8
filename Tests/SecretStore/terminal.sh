# Sourced by login.sh: what a person sees at a terminal, a pseudo-terminal that script(1) writes down.

# Runs passgres at a terminal of that many columns and rows, in the background; the terminal's text is in $stage/seen.
at_terminal() { # COLUMNS ROWS VARIABLE=VALUE... -- ARGUMENT...
    local columns=$1 rows=$2 words=(); shift 2
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    shift
    local command; command=$(printf ' %q' "${words[@]}" "$passgres" "$@")
    : >"$stage/seen"
    script -qefc "stty cols $columns rows $rows; exec env TERM=xterm $command" "$stage/seen" <"${typing:-/dev/null}" >/dev/null 2>&1 &
    terminal=$!
}
seen() { stage_wait 15 grep -qE -- "$1" "$stage/seen" || { cat -v "$stage/seen" >&2; fail "the terminal does not show $1"; }; }
sign_in_by_code() {
    seen '^  [A-Z0-9]{8,9}.?$'
    code=$(grep -oE '^  [A-Z0-9]{8,9}' "$stage/seen" | tr -d ' \r')
    seen 'waiting for you, 1[45]:[0-5][0-9] left'
    control answer-device "{\"userCode\": \"$code\", \"user\": \"ada@contoso.example\"}" >/dev/null
    wait "$terminal" || { cat -v "$stage/seen" >&2; fail "login at a terminal ended with $?"; }
    seen 'signed in as ada@contoso.example'
}

# The code on the screen leads a camera to the address above it.
for look in TERM=xterm NO_COLOR=1; do
    at_terminal 100 50 LANG=C.UTF-8 $look -- login --device-code
    sign_in_by_code
    python3 Tests/SecretStore/qr-picture.py "$stage/seen" "$stage/qr.pgm" || fail "no QR code was drawn with $look"
    address=$(grep -oE '^  https://[^[:space:]]+' "$stage/seen" | tr -d ' \r' | head -n 1)
    read_back=$(zbarimg --quiet --raw "$stage/qr.pgm" 2>/dev/null || true)
    [ -n "$address" ] && [ "$read_back" = "$address" ] || fail "the QR code says '$read_back', and the page is '$address'"
    if [ $look = NO_COLOR=1 ] && grep -q $'\e' "$stage/seen"; then fail "there are escape sequences with NO_COLOR"; fi
done
while read -r columns rows locale options; do
    at_terminal "$columns" "$rows" "LANG=$locale" -- login --device-code $options
    seen '^  [A-Z0-9]{8,9}.?$'
    code=$(grep -oE '^  [A-Z0-9]{8,9}' "$stage/seen" | tr -d ' \r')
    control answer-device "{\"userCode\": \"$code\", \"user\": \"ada@contoso.example\"}" >/dev/null
    wait "$terminal" || fail "login at a terminal ended with $?"
    if grep -qE '█|▀|▄' "$stage/seen"; then fail "a QR code was drawn on $columns columns and $rows rows in $locale $options"; fi
done <<CASES
30 50 C.UTF-8
100 10 C.UTF-8
100 50 C
100 50 C.UTF-8 --quiet
CASES

# Where there is a display, the browser is opened: here one that knows only how to send a form.
mkdir "$stage/programs"
install -m 0755 Tests/SecretStore/browser.py "$stage/programs/xdg-open"
control answer-browser '{"user": "ada@contoso.example"}' >/dev/null
"$passgres" logout 2>/dev/null
control forget-requests >/dev/null
DISPLAY=:987 PATH=$stage/programs:$PATH "$passgres" login 2>"$stage/browser.err" || { cat "$stage/browser.err" >&2; fail "login in a browser failed"; }
grep -q 'signed in as ada@contoso.example' "$stage/browser.err" || fail "login in a browser does not say who signed in"
[ -s "$stage/home/page" ] || fail "the browser was shown no page at the end"
requests=$(control requests '{"endpoint": "device-code"}') || fail "the stand-in does not say what it was asked"
if grep -q 'device-code: ' <<<"$requests"; then fail "a code was asked for beside the browser"; fi
"$passgres" token --credentials secret-store >/dev/null || fail "the sign-in in a browser was not kept"
control answer-browser '{}' >/dev/null
status=0
DISPLAY=:987 PATH=$stage/programs:$PATH "$passgres" login --browser 2>"$stage/browser.err" || status=$?
[ "$status" = 77 ] || { cat "$stage/browser.err" >&2; fail "a sign-in declined in the browser ends with $status"; }

# A wait is told within half a second.
control fault '{"endpoint": "imds", "kind": "delay", "seconds": 3}' >/dev/null
at_terminal 100 50 LANG=C.UTF-8 -- token --credentials managed-identity --no-cache
begun=${EPOCHREALTIME/./}
seen 'passgres: waiting for managed-identity'
waited=$(((${EPOCHREALTIME/./} - begun) / 1000))
wait "$terminal" || { cat -v "$stage/seen" >&2; fail "a token that takes its time ended with $?"; }
[ "$waited" -lt 2000 ] || fail "what is waited for was told after $waited ms"
if [ "$store" = gnome-keyring ]; then
    for words in "status" "logout" "secret list"; do
        kill -STOP "$KEYRING_PID"
        at_terminal 100 50 LANG=C.UTF-8 -- $words
        seen 'passgres: waiting for the secret store'
        kill -CONT "$KEYRING_PID"
        wait "$terminal" || { cat -v "$stage/seen" >&2; fail "$words ended with $? after a wait"; }
    done
fi

# A secret that is typed is not seen, and the terminal is as before.
mkfifo "$stage/keys"
typing=$stage/keys
at_terminal 100 50 LANG=C.UTF-8 -- secret store typed
exec 7>"$stage/keys"
seen 'Secret typed \(not shown\): '
printf 'wrong\025hush-typed-!\177\r' >&7
wait "$terminal" || { cat -v "$stage/seen" >&2; fail "a typed secret ended with $?"; }
exec 7>&-
if grep -q 'hush' "$stage/seen"; then fail "a typed secret was shown"; fi
# The first character that is taken back is the last one typed.
printf 'x' | "$passgres" secret store other 2>/dev/null
[ "$("$passgres" secret list | cut -d' ' -f1 | paste -sd' ')" = "other typed" ] || fail "what was typed was not kept"
at_terminal 100 50 LANG=C.UTF-8 -- secret store typed
exec 7>"$stage/keys"
seen 'Secret typed \(not shown\): '
printf 'hush\003' >&7
status=0
wait "$terminal" || status=$?
exec 7>&-
[ "$status" = 130 ] || { cat -v "$stage/seen" >&2; fail "Ctrl-C at a prompt ends with $status"; }
typing=
"$passgres" logout 2>/dev/null
echo "login: QR codes read back, a browser signed in, waits told after $waited ms, typed secrets unseen ($store)"
