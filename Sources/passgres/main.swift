import Glibc
import PassgresCommands

exit(await Passgres.run(Array(CommandLine.arguments.dropFirst())))
