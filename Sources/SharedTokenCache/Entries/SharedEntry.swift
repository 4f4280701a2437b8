import FoundationEssentials
import TokenCredentials

/// One entry of the directory: looking, taking the right to ask, and keeping.
///
/// Blocks its thread for file operations.
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

    /// The number of the last failure, to be known before waiting begins.
    var lastFailure: UInt32? { EntryLock.note(key, in: folder)?.number }

    /// Looks, and takes the lock if there is a reason to.
    func step(_ request: TokenRequest, now: Date, waitedSince failure: UInt32??) -> Step {
        let found = find(request, now)
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
            switch find(request, now) {
            case .good(let token):
                lock.release()
                return .answer(.success(token))
            case .due(let token): return .ask(lock, token)
            case .missing(let token):
                if token == nil { clearAway() }
                return .ask(lock, token)
            }
        }
    }

    /// Keeps a token.
    ///
    /// Returns the system's error number, 0 for none.
    func keep(_ token: AccessToken, now: Date) -> Int32 {
        TokenEntry(token, for: key, obtainedAt: now).write(to: folder)
    }

    /// Lets the token that is there be for a while, since asking for another has failed.
    func postpone(by wait: Duration, now: Date) {
        guard var entry = TokenEntry(in: folder, key.entryName, now: now), entry.key == key else { return }
        entry.nextAttempt = now.addingTimeInterval(wait.inSeconds)
        _ = entry.write(to: folder)
    }

    /// Forgets the token.
    func forget() {
        folder.remove(key.entryName)
    }

    /// Judges what is kept.
    private func find(_ request: TokenRequest, _ now: Date) -> Finding {
        guard let entry = TokenEntry(in: folder, key.entryName, now: now), entry.key == key, entry.isUsable(now, policy)
        else { return .missing(nil) }
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
