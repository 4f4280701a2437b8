# Sourced: what stands on a page, so that what is tried and what is shown cannot differ.
#
#   recipe LANGUAGE PAGE [NUMBER]    prints the first, or that, block of a language

recipe() {
    awk -v language="$1" -v wanted="${3:-1}" '
        /^```/ { if (inside) { inside = 0 } else if ($0 == "```" language && ++count == wanted) { inside = 1; found = 1 } else { inside = -1 }; next }
        inside == 1
        inside == -1 { next }
        END { exit !found }
    ' "$2" || { echo "there is no block $1 ${3:-1} in $2" >&2; return 1; }
}
