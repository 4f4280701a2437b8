import FoundationEssentials
import TokenCredentials

/// One entry: looking, taking the right to ask, and keeping.
///
/// The locks are in the directory; the token is there too, or in a secret store.
struct SharedEntry: Sendable {
    /// What is kept, judged for one request.
    enum Finding: Sendable {
        /// A token that needs no thought.
        case good(AccessToken)
        /// A token that is good, and it is time to ask for another.
        case due(AccessToken)
        /// None that satisfies the request, and perhaps one that is good for less.
        case missing(AccessToken?)
    }

    /// What can be done now.
    enum Step: Sendable {
        /// Done: somebody has, or had, the answer.
        case answer(Result<AccessToken, CredentialError>)
        /// Ask; with the lock, if there was one to be had, and what is left if that fails.
        case ask(EntryLock?, AccessToken?)
        /// Somebody else is asking.
        case wait
    }

    let folder: PrivateFolder
    let key: EntryKey
    let policy: RenewalPolicy
    let store: (any SecretStore)?

    /// The number of the last failure, to be known before waiting begins.
    func lastFailure() async -> UInt32? {
        await onOwnThread { EntryLock.note(key, in: folder)?.number }
    }

    /// Looks, and takes the lock if there is a reason to.
    func step(_ request: TokenRequest, now: Date, waitedSince failure: UInt32??) async -> Step {
        guard let store else {
            return await onOwnThread {
                judge(request, now, waitedSince: failure) { TokenEntry(in: folder, key.entryName, now: now) }
            }
        }
        let before = (try? await entry(in: store, now)) ?? nil
        let step = await onOwnThread { judge(request, now, waitedSince: failure) { before } }
        guard case .ask(let lock?, _) = step else { return step }
        // The one before may have kept a token since.
        do throws(SecretStoreError) {
            return afterTaking(lock, find(request, now, try await entry(in: store, now)))
        } catch {
            return step
        }
    }

    /// Blocks its thread for file operations.
    private func judge(
        _ request: TokenRequest, _ now: Date, waitedSince failure: UInt32??, _ read: () -> TokenEntry?
    ) -> Step {
        let found = find(request, now, read())
        if case .good(let token) = found { return .answer(.success(token)) }
        if let failure, let note = EntryLock.note(key, in: folder), note.number != failure {
            if case .due(let token) = found { return .answer(.success(token)) }
            return .answer(.failure(note.error))
        }
        switch EntryLock.take(key, in: folder) {
        case .impossible: return .ask(nil, usable(found))
        case .busy:
            // Whoever has the lock is renewing it.
            if case .due(let token) = found { return .answer(.success(token)) }
            return .wait
        case .taken(let lock):
            // The one before may have kept a token since.
            let found = find(request, now, read())
            if case .missing(nil) = found { clearAway() }
            return afterTaking(lock, found)
        }
    }

    private func afterTaking(_ lock: EntryLock, _ found: Finding) -> Step {
        switch found {
        case .good(let token):
            lock.release()
            return .answer(.success(token))
        case .due(let token): return .ask(lock, token)
        case .missing(let token): return .ask(lock, token)
        }
    }

    /// Keeps a token.
    ///
    /// Returns why it could not be, in words.
    func keep(_ token: AccessToken, now: Date) async -> String? {
        await write(TokenEntry(token, for: key, obtainedAt: now))
    }

    /// Lets the token that is there be for a while, since asking for another has failed.
    func postpone(by wait: Duration, now: Date) async {
        let found =
            if let store { (try? await entry(in: store, now)) ?? nil } else {
                await onOwnThread { TokenEntry(in: folder, key.entryName, now: now) }
            }
        guard var entry = found, entry.key == key else { return }
        entry.nextAttempt = now.addingTimeInterval(wait.inSeconds)
        _ = await write(entry)
    }

    /// Forgets the token, unless it is another one than that given.
    ///
    /// Under the lock where that is to be had, so that nobody's new token goes with it; who holds the lock is about to
    /// replace the old one.
    func forget(ifStill token: AccessToken?, now: Date) async {
        let lock = await onOwnThread { EntryLock.take(key, in: folder) }
        defer { if case .taken(let lock) = lock { lock.release() } }
        let found =
            if let store { (try? await entry(in: store, now)) ?? nil } else {
                await onOwnThread { TokenEntry(in: folder, key.entryName, now: now) }
            }
        if let token, let found, found.token.secret != token.secret { return }
        if let store {
            try? await store.set(nil, for: key.secretKey)
        } else {
            await onOwnThread { _ = folder.remove(key.entryName) }
        }
    }

    private func entry(in store: any SecretStore, _ now: Date) async throws(SecretStoreError) -> TokenEntry? {
        try await store.secret(for: key.secretKey).flatMap { TokenEntry($0, now: now) }
    }

    private func write(_ entry: TokenEntry) async -> String? {
        guard let store else {
            let code = await onOwnThread { entry.write(to: folder) }
            return code == 0 ? nil : SystemError.text(of: code)
        }
        do throws(SecretStoreError) {
            try await store.set(entry.text, for: key.secretKey)
            return nil
        } catch {
            return switch error {
            case .absent(let words): "there is no secret store (\(words))"
            case .locked(let words), .hidden(let words): "the secret store is locked (\(words))"
            case .failed(let words): "the secret store did not take it (\(words))"
            case .cancelled: "the secret store was not waited for"
            }
        }
    }

    /// Judges what is kept.
    private func find(_ request: TokenRequest, _ now: Date, _ entry: TokenEntry?) -> Finding {
        guard let entry, entry.key == key, entry.isUsable(now, policy) else { return .missing(nil) }
        if let minimum = request.minimumValidity, now.addingTimeInterval(minimum.inSeconds) > entry.expiresAt {
            return .missing(entry.token)
        }
        return entry.isDue(now, policy, chance: .random(in: 0...1)) ? .due(entry.token) : .good(entry.token)
    }

    private func usable(_ finding: Finding) -> AccessToken? {
        switch finding {
        case .good(let token), .due(let token): token
        case .missing(let token): token
        }
    }

    /// Removes an entry that is not believed, and what writers left who were killed.
    ///
    /// Needs the lock.
    private func clearAway() {
        for name in folder.names where name.hasPrefix(key.entryName) { folder.remove(name) }
    }
}
