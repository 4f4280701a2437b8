import PassgresCommands

await Passgres.end()
