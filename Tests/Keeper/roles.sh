# Sourced: `role create --apply` on a server with functions named as Azure's, and a login of the role it made.

step "role create --apply, and a login of the new role"
stage_sql <<'SQL'
drop role "orders-batch";
alter role "orders-api" superuser;
create function pg_catalog.pgaadauth_create_principal_with_oid(name text, oid text, type text, admin boolean, mfa boolean)
returns text language plpgsql as $$
begin
  execute format('create role %I login', name);
  return format('Created role for %s', name);
end $$;
create function pg_catalog.pgaadauth_create_principal(name text, admin boolean, mfa boolean)
returns text language plpgsql as $$
begin
  execute format('create role %I login', name);
  return format('Created role for %s', name);
end $$;
create function pg_catalog.pgaadauth_list_principals(only_admins boolean)
returns table (rolename name, principaltype text) language sql as
  $$ select rolname, 'service' from pg_catalog.pg_roles where rolname like 'orders-%' $$;
create function pg_catalog.pgaadauth_sync_roles_for_group_members()
returns text language sql as $$ select 'the members are in step' $$;
create role azure_ad_user nologin;
create role "it's ""plain"" \ é;--" login;
SQL
stage_sql orders <<'SQL'
create schema "Sales ""1""";
create table "Sales ""1"""."a b" (n serial);
SQL
roles_apply() { # a role command that is run on the server
    "$passgres" role "$@" --apply user=orders-api >"$stage/role.log" 2>&1 || { cat "$stage/role.log" >&2; fail "role $*"; }
}
roles_may() { # whether a role has a right on a table of database orders
    [ "$(stage_sql orders <<<"copy (select has_table_privilege('$1', '$2', '$3')) to stdout")" = "$4" ] || fail "$1 and $3 on $2"
}
"$passgres" role create orders-batch --type service --object-id 7e57ab1e-0000-4000-8000-0000000000c2 \
    --database orders --read-only --apply user=orders-api >"$stage/role.log" 2>&1 || { cat "$stage/role.log" >&2; fail "role create --apply"; }
(
    . "$stage/cloud/client-secret.environment"
    [ "$("$passgres" psql "dbname=orders user=orders-batch" -- -X -At -c 'select current_user from items limit 1')" = orders-batch ]
) || fail "the new role cannot log in and read"
if (
    . "$stage/cloud/client-secret.environment"
    "$passgres" psql "dbname=orders user=orders-batch" -- -X -At -c 'delete from items'
) >"$stage/role.log" 2>&1; then fail "the new role may write"; fi
grep -q 'permission denied' "$stage/role.log" || fail "the new role was refused for another reason"
"$passgres" role drop orders-batch --database orders --apply user=orders-api >"$stage/role.log" 2>&1 || { cat "$stage/role.log" >&2; fail "role drop --apply"; }
[ "$(stage_sql <<<"copy (select count(*) from pg_roles where rolname = 'orders-batch') to stdout")" = 0 ] || fail "the role was not dropped"

step "roles of any name, with rights in the schemas named and nowhere else"
name="it's \"Prod\" \\ é;--"
quoted="it''s \"Prod\" \\ é;--"
roles_apply create "$name" --database orders --schema 'Sales "1"'
[ "$(stage_sql <<<"copy (select count(*) from pg_roles where rolname = '$quoted' and rolcanlogin and not rolsuper) to stdout")" = 1 ] \
    || fail "the role is not there by its own name"
for right in select insert update delete; do
    roles_may "$quoted" '"Sales ""1"""."a b"' $right t
    roles_may "$quoted" items $right f
done
roles_may "$quoted" '"Sales ""1"""."a b"' truncate f
roles_apply drop "$name" --database orders
"$passgres" role list --apply user=orders-api 2>"$stage/role.log" | grep -q orders-api || fail "role list"
# What is printed finds the only database with these functions by itself.
"$passgres" role create orders-printed 2>/dev/null | stage_sql orders >"$stage/role.log" || fail "a printed script, run in another database"
"$passgres" role drop orders-printed 2>/dev/null | stage_sql orders >"$stage/role.log" || fail "a printed script that drops"
"$passgres" role create orders-single --server single --database orders --read-only --apply 'user=orders-api dbname=orders' \
    >"$stage/role.log" 2>&1 || { cat "$stage/role.log" >&2; fail "role create --server single"; }
roles_may orders-single items select t
roles_may orders-single items insert f
[ "$("$passgres" role list --server single --apply 'user=orders-api dbname=orders' 2>/dev/null | grep -c orders-single)" = 1 ] \
    || fail "role list --server single"

step "role map and role refresh of a role that is there, role sync"
plain="it's \"plain\" \\ é;--"
mapped() { # whether the role is a member of azure_ad_user
    [ "$(stage_sql <<<"copy (select pg_has_role('it''s \"plain\" \\ é;--', 'azure_ad_user', 'member')) to stdout")" = "$1" ] \
        || fail "role $2: a member is not $1"
}
mapped f "before it is mapped"
for command in map refresh; do
    "$passgres" role $command "$plain" --server single --apply 'user=orders-api dbname=orders' >"$stage/role.log" 2>&1 \
        || { cat "$stage/role.log" >&2; fail "role $command --server single"; }
    mapped t $command
done
"$passgres" role sync --apply user=orders-api 2>"$stage/role.log" | grep -q 'in step' || fail "role sync"
person=(--type user --object-id 7e57ab1e-0000-4000-8000-0000000000e1)
# A stock PostgreSQL has no such labels, and says so.
if "$passgres" role map "$plain" "${person[@]}" --apply user=orders-api >"$stage/role.log" 2>&1; then fail "a label nobody reads"; fi
grep -q '\[A09\]' "$stage/role.log" || { cat "$stage/role.log" >&2; fail "role map was refused for another reason"; }
# With somebody who takes such labels, they are there.
clang -shared -fPIC -DVERSION="$(stage_sql <<<"copy (select current_setting('server_version_num')::int / 100) to stdout")" \
    -o "$stage/pgaadauth.so" Tests/Keeper/pgaadauth.c
chmod 0755 "$stage/pgaadauth.so"
stage_sql <<<"alter system set session_preload_libraries = '$stage/pgaadauth.so'"
stage_sql <<<"copy (select pg_reload_conf()) to stdout" >/dev/null
labelled() { # the label of the role
    local label; label=$(stage_sql <<<"copy (select label from pg_seclabels where objname = quote_ident('$(sed "s/'/''/g" <<<"$plain")')) to stdout")
    [ "$label" = "$1" ] || fail "the label is $label and not $1"
}
stage_wait 10 eval 'stage_sql <<<"security label for pgaadauth on role azure_ad_user is null"' || fail "nobody takes labels"
roles_apply map "$plain" "${person[@]}"
labelled "aadauth,oid=7e57ab1e-0000-4000-8000-0000000000e1,type=user"
roles_apply refresh "$plain" --type service --object-id 7e57ab1e-0000-4000-8000-0000000000b2 --admin
labelled "aadauth,oid=7e57ab1e-0000-4000-8000-0000000000b2,type=service,admin"
