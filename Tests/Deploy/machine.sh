# Sourced: a cloud whose machine has an identity of its own, orders-api, and was given another, report-reader.

reader_client=7e57ab1e-0000-4000-8000-0000000000d1

machine_settings() {
    local group=/subscriptions/7e57ab1e-0000-4000-8000-0000000000ff/resourcegroups/local/providers
    cat <<JSON
{
  "tenant": {
    "managedIdentities": [
      {"kind": "systemAssigned", "clientID": "7e57ab1e-0000-4000-8000-0000000000b1", "objectID": "7e57ab1e-0000-4000-8000-0000000000b2",
       "resourceID": "$group/Microsoft.Compute/virtualMachines/orders-api"},
      {"kind": "userAssigned", "clientID": "$reader_client", "objectID": "7e57ab1e-0000-4000-8000-0000000000d2",
       "resourceID": "$group/Microsoft.ManagedIdentity/userAssignedIdentities/report-reader"}
    ],
    "roles": [
      {"name": "orders-api", "kind": "service", "objectID": "7e57ab1e-0000-4000-8000-0000000000b2"},
      {"name": "report-reader", "kind": "service", "objectID": "7e57ab1e-0000-4000-8000-0000000000d2"}
    ]
  }
}
JSON
}
