<#
.SYNOPSIS
    Copies all users from the user file of another server, with their passwords, and compares the results.
.DESCRIPTION
    On the old server, write the file with Copy-PgEdgeUser.

    Either all users are copied or none. Afterwards each user in the file is compared with the one on this server.

    Prints a table of the users who were copied. The exit code is 0 if everybody was skipped, 2 if users were copied,
    and 1 if the script failed. The error is one line on standard error.
.PARAMETER From
    The user file that came from the other server.
.PARAMETER OnConflict
    What to do with users who already exist on this server: Error, Skip or Overwrite.
.PARAMETER Reason
    The reason, for the audit events.
.EXAMPLE
    ./moving.ps1 -From travel/users.yaml -WhatIf

    Shows who would be copied.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $From,
    [ValidateSet('Error', 'Skip', 'Overwrite')] [string] $OnConflict = 'Error',
    [string] $Reason = 'Moved from another server'
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("moving.ps1: $_"); exit 1 }

$users = @(Get-PgEdgeUser -Path $From)
if (-not $users) {
    throw "There are no users in '$From'."
}
$here = (Get-PgEdgeUserFile).Path
$copied = @($users |
        Copy-PgEdgeUser -Destination $here -OnConflict $OnConflict -Reason $Reason -PassThru -Confirm:$false)
$copied | Out-Host
if (-not $WhatIfPreference) {
    # Users are different if a sync would still change them.
    $different = @(Sync-PgEdgeUser -ReferencePath $From -WhatIf | Where-Object Action -NE None)
    if ($different -and $OnConflict -ne 'Skip') {
        throw "These users differ from those in '$From': $($different.Username -join ', ')."
    }
    $different | Out-Host
}
exit $copied ? 2 : 0
