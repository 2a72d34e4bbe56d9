// Who the bot is, towards Azure, the Bot Connector, Key Vault and the database; and, apart from it, who deploys.
param name string
param location string
param tags object
param deployRepository string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}'
  location: location
  tags: tags
}

resource deployIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (deployRepository != '') {
  name: 'id-${name}-deploy'
  location: location
  tags: tags
}

resource fromGitHub 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = if (deployRepository != '') {
  parent: deployIdentity
  name: 'github-production'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:${deployRepository}:environment:production'
    audiences: ['api://AzureADTokenExchange']
  }
}

output id string = identity.id
output name string = identity.name
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
output deployPrincipalId string = deployRepository != '' ? deployIdentity!.properties.principalId : ''
output deployClientId string = deployRepository != '' ? deployIdentity!.properties.clientId : ''
