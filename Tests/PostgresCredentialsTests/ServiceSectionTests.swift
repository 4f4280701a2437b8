import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A service section` {
    @Test func `holds no secret and is read back by libpq`() throws {
        try withTemporaryDirectory { directory in
            var connection = try ConnectionInfo("host=h hostaddr=127.0.0.1 port=1 dbname=d user='Prod DB'")
            connection.password = "s3cret"
            let text = try ServiceSection(named: "my db", connection).text
            #expect(!text.contains("s3cret"))
            let path = directory + "/service.conf"
            try Data(text.utf8).write(to: URL(filePath: path))
            let variables = ["PGSERVICEFILE": path, "HOME": directory]
            let entry = Array("h:1:d:Prod DB:p\n".utf8)
            #expect(try Judge.passwords([("service='my db'", entry)], environment: variables) == ["p"])
        }
    }

    @Test(arguments: [(13, 253), (14, 1021), (18, 1021)] as [(Int, Int)])
    func `keeps to the longest line of the libpq that reads it`(version: Int, limit: Int) throws {
        let version = LibpqVersion(major: version)
        var connection = try ConnectionInfo("user=u")
        connection["sslrootcert"] = String(repeating: "x", count: limit - "sslrootcert=".count)
        _ = try ServiceSection(named: "s", connection, targeting: version)
        connection["sslrootcert"]? += "x"
        #expect(throws: ServiceSectionError(keyword: "sslrootcert", reason: .tooLong(limit: limit))) {
            try ServiceSection(named: "s", connection, targeting: version)
        }
    }

    @Test(arguments: [" u", "u ", "u\nhost=evil", "\tu"])
    func `refuses values that cannot be said there`(user: String) throws {
        var connection = ConnectionInfo()
        connection.user = user
        #expect(throws: ServiceSectionError(keyword: "user", reason: .cannotBeSaid)) {
            try ServiceSection(named: "s", connection)
        }
    }

    @Test(arguments: ["", "a]b", "a\nb"])
    func `refuses names that cannot be said there`(name: String) throws {
        #expect(throws: ServiceSectionError(keyword: nil, reason: .cannotBeSaid)) {
            try ServiceSection(named: name, ConnectionInfo())
        }
    }
}
