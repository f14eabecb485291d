<#
.SYNOPSIS
    Removes disabled users who have been inactive for a very long time.
.DESCRIPTION
    Restore-PgEdgeUser can bring a removed user back for 90 days, unless you specify -Purge.

    Prints a table of the users who were removed. The exit code is 0 if there was nothing to do, 2 if users were
    removed, and 1 if the script failed and nothing was changed. The error is one line on standard error.
.PARAMETER InactiveFor
    The time since the last sign-in, such as 365d. For users who have never signed in, it is the time since they were
    created.
.PARAMETER GraceDays
    Keeps users who were disabled within this number of days, according to the audit events.
.PARAMETER Purge
    Also deletes the users' earlier states from the history.
.PARAMETER Reason
    The reason, for the audit events.
.EXAMPLE
    ./removal.ps1 -InactiveFor 365d -WhatIf

    Shows who would be removed.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $InactiveFor,
    [int] $GraceDays = 30,
    [switch] $Purge,
    [string] $Reason = "Disabled, and inactive for $InactiveFor"
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("removal.ps1: $_"); exit 1 }

$users = Get-PgEdgeUser -Status Disabled -InactiveFor $InactiveFor
$recently = Get-PgEdgeAuditEvent -Event UserDisabled, Lockout -After (Get-Date).AddDays(-$GraceDays)
$removed = @($users | Where-Object Username -CNotIn $recently.Username)
$removed | Remove-PgEdgeUser -Purge:$Purge -Reason $Reason -Confirm:$false
$removed | Out-Host
exit $removed ? 2 : 0
