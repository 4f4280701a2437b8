import LocalEntra

extension LocalTenant {
    /// The directory that is served where no other is given: one managed identity, one application, two people.
    ///
    /// Its secrets are made up anew at each start.
    static func demo() -> LocalTenant {
        let readers = "7e57ab1e-0000-4000-8000-0000000000a1"
        let identity = LocalIdentity.userAssigned(
            named: "orders-api", clientID: "7e57ab1e-0000-4000-8000-0000000000b1",
            objectID: "7e57ab1e-0000-4000-8000-0000000000b2", groups: [readers])
        let application = LocalApplication(
            clientID: "7e57ab1e-0000-4000-8000-0000000000c1", objectID: "7e57ab1e-0000-4000-8000-0000000000c2",
            name: "orders-batch", secrets: [KnownSecret("s3cr+t~" + randomHexadecimal(bytes: 16))])
        let developerTool = LocalApplication(
            clientID: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", objectID: "7e57ab1e-0000-4000-8000-0000000000d2",
            name: "developer tool", kind: .publicClient)
        let ada = LocalUser(
            objectID: "7e57ab1e-0000-4000-8000-0000000000e1", principalName: "ada@contoso.example", name: "Ada",
            password: KnownSecret(randomHexadecimal(bytes: 16)), groups: [readers])
        let bob = LocalUser(
            objectID: "7e57ab1e-0000-4000-8000-0000000000e2", principalName: "bob@contoso.example", name: "Bob",
            password: KnownSecret(randomHexadecimal(bytes: 16)))
        return LocalTenant(
            applications: [application, developerTool], managedIdentities: [identity], users: [ada, bob],
            roles: [
                LocalRole("orders-api", .service, objectID: identity.objectID),
                LocalRole("orders-batch", .service, objectID: application.objectID),
                LocalRole("Order Readers", .group, objectID: readers),
                LocalRole("ada@contoso.example", .user, objectID: ada.objectID),
                LocalRole("bob@contoso.example", .user, objectID: bob.objectID),
            ])
    }
}
