"""A token by client secret, as azure-identity asks for it."""
import os

from azure.identity import ClientSecretCredential

credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"],
    authority=os.environ["AZURE_AUTHORITY_HOST"], disable_instance_discovery=True, connection_verify=os.environ["SSL_CERT_FILE"])
print(credential.get_token("https://ossrdbms-aad.database.windows.net/.default").token)
