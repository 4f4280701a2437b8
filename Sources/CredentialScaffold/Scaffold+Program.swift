extension Scaffold {
    /// A credential program in the shell's language, with a test that asks it.
    package static func program(_ name: CredentialName) -> [ScaffoldFile] {
        let program = "passgres-credential-\(name.text)"
        return [
            ScaffoldFile(
                program,
                """
                #!/bin/sh
                # A credential for Passgres. Gets the request as JSON on standard input, answers with JSON on standard output.
                # Standard error is shown to the user. Exit status 69 says: not for this machine.
                set -eu
                cat >/dev/null  # The request: {"version":1,"scopes":[…],"tenant":…,"claims":…}

                if [ -z "${\(name.variableStem)_TOKEN_FILE:-}" ]; then
                    echo '{"version":1,"problem":"\(name.variableStem)_TOKEN_FILE is not set","remedy":"Set it to a file with a token."}'
                    exit 69
                fi
                if ! token=$(tr -d '\\n' <"$\(name.variableStem)_TOKEN_FILE"); then
                    echo '{"version":1,"problem":"the token file cannot be read","remedy":"Make it readable."}'
                    exit 78
                fi
                printf '{"version":1,"token":"%s","expiresOn":%s}\\n' "$token" "$(($(date +%s) + 900))"

                """, .program),
            ScaffoldFile(
                "test.sh",
                """
                #!/bin/sh
                # Asks the program as Passgres would.
                set -eu
                cd "$(dirname "$0")"
                file=$(mktemp)
                trap 'rm -f "$file"' EXIT
                request='{"version":1,"scopes":["https://db.example/.default"],"tenant":null,"claims":null}'

                status=0
                answer=$(printf '%s\\n' "$request" | env -u \(name.variableStem)_TOKEN_FILE ./\(program)) || status=$?
                [ "$status" = 69 ] || { echo "does not say that it does not apply: $status" >&2; exit 1; }
                case $answer in *'"problem"'*) ;; *) echo "does not say why: $answer" >&2; exit 1 ;; esac

                printf 't0k3n\\n' >"$file"
                answer=$(printf '%s\\n' "$request" | \(name.variableStem)_TOKEN_FILE=$file ./\(program))
                case $answer in *'"token":"t0k3n"'*'"expiresOn":'*) ;; *) echo "no token: $answer" >&2; exit 1 ;; esac
                echo "\(program): all is well"

                """, .program),
        ]
    }
}
