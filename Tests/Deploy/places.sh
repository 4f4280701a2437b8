# Sourced: where Tests/Deploy/prepare.sh puts what is downloaded.
place=${PASSGRES_DEPLOY_PLACE:-$PWD/.build/deploy}
