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
SQL
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
