// What somebody has to be told about. The queries read the bot's own log lines (docs/operations.md, "Monitoring").
param name string
param location string
param tags object
param siteId string
param planId string
param databaseId string
param workspaceId string
param alertEmail string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'routebot'
    enabled: true
    emailReceivers: alertEmail == ''
      ? []
      : [{ name: 'operators', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

var metrics = [
  {
    key: 'health'
    text: 'An instance of Routebot does not answer its health check.'
    severity: 1
    scope: siteId
    namespace: 'Microsoft.Web/sites'
    metric: 'HealthCheckStatus'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 100
  }
  {
    key: 'memory'
    text: 'The instances of Routebot are short of memory.'
    severity: 2
    scope: planId
    namespace: 'Microsoft.Web/serverfarms'
    metric: 'MemoryPercentage'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 85
  }
  {
    key: 'database-storage'
    text: 'The database of Routebot is nearly full.'
    severity: 2
    scope: databaseId
    namespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
    metric: 'storage_percent'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 80
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in metrics: {
    name: '${name}-${alert.key}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.text
      severity: alert.severity
      enabled: true
      scopes: [alert.scope]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.key
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: alert.operator
            threshold: alert.threshold
          }
        ]
      }
      actions: [{ actionGroupId: people.id }]
    }
  }
]

var queries = [
  {
    key: 'unknown-outcome'
    text: 'A change ended without Routebot knowing what became of it: look at the site.'
    severity: 1
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"change-ended"\' and ResultDescription contains \'"unknown"\''
  }
  {
    key: 'failed-changes'
    text: 'Changes fail.'
    severity: 2
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"change-ended"\' and ResultDescription contains \'"state":"failed"\''
  }
  {
    key: 'audit-not-sealed'
    text: 'The audit cannot be signed: its chain is broken, or the key is not there.'
    severity: 1
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"audit-not-sealed"\''
  }
  {
    key: 'records-interrupted'
    text: 'The records were moved, or restored from a backup: what was open has to be decided again.'
    severity: 2
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"records-interrupted"\''
  }
  {
    key: 'messages-lost'
    text: 'Somebody could not be written to, for good.'
    severity: 2
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"delivery-dead"\''
  }
  {
    key: 'policy-refused'
    text: 'The policy file was edited and is not valid; the one before it is in force.'
    severity: 2
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"policy-edit-refused"\''
  }
  {
    key: 'database'
    text: 'Routebot has trouble with its database.'
    severity: 2
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"database-connection-lost"\' or ResultDescription contains \'"event":"job-queue-error"\' or ResultDescription contains \'"event":"jobs-not-read"\' or ResultDescription contains \'"event":"store-upkeep-failed"\''
  }
  {
    key: 'ended-unexpectedly'
    text: 'A process of Routebot ended unexpectedly, or did not start.'
    severity: 1
    query: 'AppServiceConsoleLogs | where ResultDescription contains \'"event":"uncaught-exception"\' or ResultDescription contains \'"event":"unhandled-rejection"\' or ResultDescription contains \'"event":"start-failed"\' or ResultDescription contains \'"event":"stop-overdue"\''
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in queries: {
    name: '${name}-${alert.key}'
    location: location
    tags: tags
    properties: {
      displayName: 'Routebot: ${alert.key}'
      description: alert.text
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]
