import CommandCredentials
import CredentialTesting
import Testing

@Suite struct `A command` {
    @Test func `shows no variable's value and no input`() {
        let command = Command("/bin/az", ["token"], variables: ["SECRET": "s3cr3t"], input: "s3cr3t")
        var dumped = ""
        dump(command, to: &dumped)
        for text in ["\(command)", String(reflecting: command), dumped] { #expect(!text.contains("s3cr3t")) }
        #expect(dumped.contains("SECRET"))
    }

    @Test func `has an output that shows lengths only`() {
        let output = CommandOutput("s3cr3t", errorOutput: "s3cr3t too", status: 1)
        var dumped = ""
        dump(output, to: &dumped)
        for text in ["\(output)", String(reflecting: output), dumped] {
            #expect(!text.contains("s3cr3t"))
            #expect(!text.contains("115"), "nor its bytes")
        }
        #expect("\(output)" == "CommandOutput(exit status 1, 6 bytes of output, 10 bytes of errors)")
    }

    @Test(arguments: [
        (CommandError.notStarted("no such file"), "could not be started: no such file"),
        (.timedOut(after: .seconds(20)), "did not finish within 20 seconds and was ended"),
        (.timedOut(after: .seconds(1)), "did not finish within 1 second and was ended"),
        (.timedOut(after: .milliseconds(1500)), "did not finish within 1500 milliseconds and was ended"),
        (.outputTooLong(limit: 10), "wrote more than 10 bytes and was ended"),
    ])
    func `fails in words that follow the program's name`(_ error: CommandError, _ words: String) {
        #expect("\(error)" == words)
    }
}
