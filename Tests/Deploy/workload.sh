# Sourced: a directory whose application orders-api trusts a Kubernetes service account.

workload_client=7e57ab1e-0000-4000-8000-0000000000f1
workload_issuer=https://cluster.example/oidc

workload_settings() {
    cat <<JSON
{
  "tenant": {
    "applications": [{
      "clientID": "$workload_client", "objectID": "7e57ab1e-0000-4000-8000-0000000000f2", "name": "orders-api",
      "federatedCredentials": [{"issuer": "$workload_issuer", "subject": "system:serviceaccount:default:orders"}]
    }],
    "roles": [{"name": "orders-api", "kind": "service", "objectID": "7e57ab1e-0000-4000-8000-0000000000f2"}]
  }
}
JSON
}

# Sets what the webhook of AKS sets.
workload_environment() {
    "$local_entra" control --directory "$stage/cloud" federated-token \
        "{\"issuer\": \"$workload_issuer\", \"subject\": \"system:serviceaccount:default:orders\", \"lifetime\": 3600}" |
        (umask 077; python3 -c 'import json, sys; print(json.load(sys.stdin)["token"], end="")' >"$stage/federated-token")
    export AZURE_CLIENT_ID=$workload_client AZURE_FEDERATED_TOKEN_FILE=$stage/federated-token
    AZURE_TENANT_ID=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["tenantID"])' "$stage/cloud/ready.json")
    export AZURE_TENANT_ID
}
