import PassgresCommands

await Passgres.runToItsEnd()
