import FoundationEssentials
public import PostgresCredentials
public import ServiceLifecycle
public import TokenCredentials

/// Keeps one entry of a password file fresh for as long as the server runs.
public struct PasswordService: Service {
    private let credential: any TokenCredential
    private let login: Login
    private let destination: any PasswordDestination
    private let clock: any WallClock

    /// Describes what is kept, and where.
    public init(
        _ credential: any TokenCredential, for login: Login, storingIn destination: any PasswordDestination,
        clock: any WallClock = SystemClock()
    ) {
        self.credential = credential
        self.login = login
        self.destination = destination
        self.clock = clock
    }

    /// Renews the entry at half of the token's life. Trouble leaves the old entry, and is tried again after 30 seconds.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let next: Date
                do {
                    let token = try await credential.token(for: .postgres)
                    try await destination.store(token.secret, for: login)
                    next = clock.now.addingTimeInterval(token.expiresAt.timeIntervalSince(clock.now) / 2)
                } catch is CancellationError {
                    return
                } catch CredentialError.cancelled {
                    return
                } catch {
                    next = clock.now.addingTimeInterval(30)
                }
                do { try await clock.sleep(until: next) } catch { return }
            }
        }
    }
}
