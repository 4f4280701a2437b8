import PassgresCommands

Passgres.runToItsEnd()
