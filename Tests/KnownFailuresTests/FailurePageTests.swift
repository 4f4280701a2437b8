import Foundation
import Testing

@testable import KnownFailures

@Suite struct `The page of failures` {
    @Test func `is the table`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs/Failures.md")
        let written = try String(contentsOf: page.standardizedFileURL, encoding: .utf8)
        #expect(written == FailurePage.text, "write it anew: passgres failures-page > Docs/Failures.md")
    }

    @Test func `names every code once`() {
        for failure in FailureTable.failures {
            #expect(FailurePage.text.components(separatedBy: "### \(failure.code): ").count == 2)
        }
    }
}
