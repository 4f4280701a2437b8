// A provider of security labels that takes any, by the name that Azure's servers use. Declares what it needs of PostgreSQL
// 14 to 17 itself, so that no package of headers is needed; VERSION is the major version times a hundred.
typedef struct {
    int len, version, funcmaxargs, indexmaxkeys, namedatalen, float8byval;
    char abi_extra[32];
} magic;

const magic *Pg_magic_func(void) {
    static const magic values = {sizeof(magic), VERSION, 100, 32, 64, 1, "PostgreSQL"};
    return &values;
}

extern void register_label_provider(const char *name, void (*check)(const void *object, const char *label));

static void take(const void *object, const char *label) {
    (void)object;
    (void)label;
}

void _PG_init(void) { register_label_provider("pgaadauth", take); }
