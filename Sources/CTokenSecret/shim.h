#pragma once

#include <stddef.h>

// The functions of libsecret and GLib that are used here, declared by hand: their own headers need flags that SwiftPM
// refuses with a warning in every build, of every client. Tests/Linkage/secret-prototypes.sh holds these declarations
// against the real ones. Flags are unsigned where the real type is an enumeration, which is the same to C.

typedef struct _GCancellable GCancellable;
typedef struct _GDBusConnection GDBusConnection;
typedef struct _GDBusProxy GDBusProxy;
typedef struct _GError GError;
typedef struct _GHashTable GHashTable;
typedef struct _GList GList;
typedef struct _GVariant GVariant;
typedef struct _GVariantType GVariantType;
typedef struct _SecretCollection SecretCollection;
typedef struct _SecretItem SecretItem;
typedef struct _SecretService SecretService;
typedef struct _SecretValue SecretValue;
#ifndef TOKEN_SECRET_SCHEMA_IS_KNOWN
// A structure without a tag in libsecret; only ever pointed to here.
typedef struct token_secret_schema SecretSchema;
#endif

GCancellable *g_cancellable_new(void);
void g_cancellable_cancel(GCancellable *cancellable);
GDBusConnection *g_bus_get_sync(int type, GCancellable *cancellable, GError **error);
char *g_compute_checksum_for_string(unsigned type, const char *text, long length);
GVariant *g_dbus_connection_call_sync(
    GDBusConnection *connection, const char *bus_name, const char *object_path, const char *interface_name,
    const char *method_name, GVariant *parameters, const GVariantType *reply_type, unsigned flags, int timeout_msec,
    GCancellable *cancellable, GError **error);
void g_dbus_connection_set_exit_on_close(GDBusConnection *connection, int exit_on_close);
unsigned g_dbus_error_quark(void);
GDBusConnection *g_dbus_proxy_get_connection(GDBusProxy *proxy);
const char *g_dbus_proxy_get_name(GDBusProxy *proxy);
unsigned g_io_error_quark(void);
void g_error_free(GError *error);
void g_free(void *memory);
char *g_strdup(const char *text);
void g_object_unref(void *object);
GHashTable *g_hash_table_new_full(
    unsigned (*hash)(const void *), int (*equal)(const void *, const void *), void (*free_key)(void *),
    void (*free_value)(void *));
int g_hash_table_insert(GHashTable *table, void *key, void *value);
void *g_hash_table_lookup(GHashTable *table, const void *key);
void g_hash_table_unref(GHashTable *table);
int g_str_equal(const void *one, const void *other);
unsigned g_str_hash(const void *text);
GList *g_list_append(GList *list, void *data);
void g_list_free(GList *list);
unsigned g_list_length(GList *list);
void *g_list_nth_data(GList *list, unsigned index);
int g_variant_get_boolean(GVariant *value);
GVariant *g_variant_get_child_value(GVariant *value, unsigned long index);
const char *g_variant_get_string(GVariant *value, unsigned long *length);
GVariant *g_variant_lookup_value(GVariant *dictionary, const char *key, const GVariantType *expected_type);
unsigned long g_variant_n_children(GVariant *value);
GVariant *g_variant_new_string(const char *text);
GVariant *g_variant_new_tuple(GVariant *const *children, unsigned long count);
void g_variant_unref(GVariant *value);

SecretCollection *secret_collection_create_sync(
    SecretService *service, const char *label, const char *alias, unsigned flags, GCancellable *cancellable,
    GError **error);
SecretCollection *secret_collection_for_alias_sync(
    SecretService *service, const char *alias, unsigned flags, GCancellable *cancellable, GError **error);
int secret_collection_get_locked(SecretCollection *collection);
unsigned secret_error_get_quark(void);
SecretItem *secret_item_create_sync(
    SecretCollection *collection, const SecretSchema *schema, GHashTable *attributes, const char *label,
    SecretValue *value, unsigned flags, GCancellable *cancellable, GError **error);
int secret_item_delete_sync(SecretItem *item, GCancellable *cancellable, GError **error);
GHashTable *secret_item_get_attributes(SecretItem *item);
int secret_item_get_locked(SecretItem *item);
unsigned long secret_item_get_modified(SecretItem *item);
SecretValue *secret_item_get_secret(SecretItem *item);
int secret_item_load_secret_sync(SecretItem *item, GCancellable *cancellable, GError **error);
int secret_item_set_secret_sync(
    SecretItem *item, SecretValue *value, GCancellable *cancellable, GError **error);
SecretSchema *secret_schema_newv(const char *name, unsigned flags, GHashTable *attribute_names_and_types);
void secret_schema_unref(SecretSchema *schema);
SecretService *secret_service_get_sync(unsigned flags, GCancellable *cancellable, GError **error);
GList *secret_service_search_sync(
    SecretService *service, const SecretSchema *schema, GHashTable *attributes, unsigned flags,
    GCancellable *cancellable, GError **error);
int secret_service_unlock_sync(
    SecretService *service, GList *objects, GCancellable *cancellable, GList **unlocked, GError **error);
const char *secret_value_get(SecretValue *value, unsigned long *length);
SecretValue *secret_value_new(const char *secret, long length, const char *content_type);
void secret_value_unref(void *value);

#define TOKEN_SECRET_SESSION_BUS 2
#define TOKEN_SECRET_MD5 0u
#define TOKEN_SECRET_SEARCH_ALL 2u
#define TOKEN_SECRET_LOAD_SECRETS 8u
#define TOKEN_SECRET_REPLACE 2u

// What GError is, for reading one.
struct token_secret_error {
    unsigned domain;
    int code;
    char *message;
};

static inline unsigned token_secret_error_domain(const GError *error) {
    return ((const struct token_secret_error *)(const void *)error)->domain;
}

static inline int token_secret_error_code(const GError *error) {
    return ((const struct token_secret_error *)(const void *)error)->code;
}

static inline const char *token_secret_error_message(const GError *error) {
    return ((const struct token_secret_error *)(const void *)error)->message;
}

// The name of this package's schema, which stands with an item as the attribute xdg:schema.
#define TOKEN_SECRET_SCHEMA "dev.passgres.Secret"

// The schema of this package: three texts. Type 0 is a text.
static inline SecretSchema *token_secret_schema(void) {
    GHashTable *types = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
    g_hash_table_insert(types, (void *)"profile", NULL);
    g_hash_table_insert(types, (void *)"kind", NULL);
    g_hash_table_insert(types, (void *)"version", NULL);
    SecretSchema *schema = secret_schema_newv(TOKEN_SECRET_SCHEMA, 0, types);
    g_hash_table_unref(types);
    return schema;
}

// What a secret is found by; every profile's without one. The table keeps copies of the texts.
static inline GHashTable *token_secret_attributes(const char *profile, const char *kind, const char *version) {
    GHashTable *attributes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    if (profile) g_hash_table_insert(attributes, (void *)"profile", g_strdup(profile));
    g_hash_table_insert(attributes, (void *)"kind", g_strdup(kind));
    g_hash_table_insert(attributes, (void *)"version", g_strdup(version));
    return attributes;
}

// The properties of an object of the service, as they are now: libsecret's own copies may be old. To be let go.
static inline GVariant *token_secret_properties(
    SecretService *service, const char *path, const char *interface_name, GCancellable *cancellable, GError **error) {
    GDBusProxy *proxy = (GDBusProxy *)(void *)service;
    GVariant *parameter = g_variant_new_string(interface_name);
    return g_dbus_connection_call_sync(
        g_dbus_proxy_get_connection(proxy), g_dbus_proxy_get_name(proxy), path, "org.freedesktop.DBus.Properties",
        "GetAll", g_variant_new_tuple(&parameter, 1), (const GVariantType *)(const void *)"(a{sv})", 0, -1, cancellable,
        error);
}

// One of them, if it is there and of that D-Bus type. To be let go.
static inline GVariant *token_secret_property(GVariant *properties, const char *name, const char *type) {
    GVariant *dictionary = g_variant_get_child_value(properties, 0);
    GVariant *value = g_variant_lookup_value(dictionary, name, (const GVariantType *)(const void *)type);
    g_variant_unref(dictionary);
    return value;
}
