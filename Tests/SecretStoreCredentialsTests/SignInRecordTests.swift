import CredentialTesting
import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

@testable import SecretStoreCredentials

@Suite struct `The record of sign-ins in the secret service` {
    private func during(_ work: (ProcessEnvironment, String) throws -> Void) throws {
        let directory = try ScratchDirectory()
        try work(["HOME": directory.path], "\(directory.path)/.local/state/passgres/sign-ins-in-secret-service")
    }

    @Test func `holds a profile until it is removed`() throws {
        try during { environment, path in
            let record = try #require(SignInRecord(environment: environment))
            #expect(!record.contains("default"))
            for _ in 0..<2 { try record.add("default") }
            try record.add("an other")
            #expect(record.contains("default") && record.contains("an other") && !record.contains("other"))
            #expect(try LocalFiles().contents(ofFile: path, limit: 100) == Data("an other\ndefault\n".utf8))
            #expect(LocalFiles().permissions(ofFile: path) == 0o600)
            try record.remove("default")
            #expect(!record.contains("default") && record.contains("an other"))
            try record.removeAll()
            #expect(!record.contains("an other"))
        }
    }

    @Test func `is not made where there is nothing to be removed`() throws {
        try during { environment, path in
            let record = try #require(SignInRecord(environment: environment))
            try? record.remove("default")
            try? record.removeAll()
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test func `stands for a sign-in where it cannot be read`() throws {
        try during { environment, path in
            let record = try #require(SignInRecord(environment: environment))
            try record.add("default")
            #expect(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
            #expect(record.contains("default"))
        }
    }

    @Test func `has no place without a home`() {
        #expect(SignInRecord(environment: [:]) == nil)
        #expect(SignInRecord(environment: ["HOME": "relative"]) == nil)
    }
}
