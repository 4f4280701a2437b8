import CredentialTesting
import FoundationEssentials
import Logging
import PostgresCredentials
import ServerParts
import ServiceLifecycle
import Testing
import TokenCredentials

@Suite struct `The server` {
    /// Says when something was stored.
    struct Notice: PasswordDestination {
        let stored: AsyncStream<String>.Continuation

        func store(_ password: String, for login: Login) async throws {
            stored.yield("\(login.user)@\(login.host): \(password)")
        }
    }

    @Test func `has its password in place before it is shut down in good order`() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let token = AccessToken(secret: "t1", expiresAt: .now.addingTimeInterval(3600))
        let services = try orderServerServices(
            ConnectionInfo("host=db.example dbname=orders user=api"), StubCredential("stub", .success(token)),
            in: Notice(stored: continuation))
        let group = ServiceGroup(
            configuration: .init(services: services.map { .init(service: $0) }, logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var stored = stream.makeAsyncIterator()
            #expect(await stored.next() == "api@db.example: t1")
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
