<#
.SYNOPSIS
    Applies the decisions of an access review.
.DESCRIPTION
    Export-PgEdgeAccessReview writes the page on which a reviewer decides who keeps access. This script applies the CSV
    file with the decisions: users are disabled or removed, and those who keep access stay as they are. It is an error
    if more than half of the users would lose access; in that case, use Sync-PgEdgeUser with -Force.

    Prints a table of the users who were changed. The exit code is 0 if there was nothing to do, 2 if users were
    changed, and 1 if the script failed and nothing was changed. The error is one line on standard error.
.PARAMETER DecisionPath
    The CSV file that the reviewer saved.
.PARAMETER Reason
    The reason, for the audit events.
.EXAMPLE
    ./review.ps1 -DecisionPath decisions.csv -Reason 'Access review Q4' -WhatIf

    Shows what would be done.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $DecisionPath,
    [string] $Reason = 'Access review'
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("review.ps1: $_"); exit 1 }

# A review is about existing users: a missing user file is an error.
$null = Get-PgEdgeUser

$changed = @(Import-Csv -LiteralPath $DecisionPath |
        Sync-PgEdgeUser -Reason $Reason -Confirm:$false |
        Where-Object Action -NE None)
$changed | Out-Host
exit $changed ? 2 : 0
