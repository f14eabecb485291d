<#
.SYNOPSIS
    Adds the people in a CSV file, with generated passwords.
.DESCRIPTION
    Either all people are added or none: a name that already exists, or that breaks the rules, is an error.

    The passwords are written to a new CSV file that only you can read. Hand them out and delete the file.

    Prints a table of the users who were added. The exit code is 2 if users were added, and 1 if the script failed and
    nothing was changed. The error is one line on standard error.
.PARAMETER CsvPath
    A CSV file with the column Username and, if needed, Annotation and Status.
.PARAMETER HandoutPath
    The file for the passwords. It must not exist yet.
.PARAMETER Reason
    The reason, for the audit events.
.EXAMPLE
    ./onboarding.ps1 -CsvPath new-people.csv -HandoutPath passwords.csv -WhatIf

    Checks the file, and shows who would be added.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $CsvPath,
    [Parameter(Mandatory)] [string] $HandoutPath,
    [string] $Reason = 'Onboarding'
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("onboarding.ps1: $_"); exit 1 }

$people = @(Import-Csv -LiteralPath $CsvPath)
if (-not $people) {
    throw "There are no users in '$CsvPath'."
}
$added = @($people | New-PgEdgeUser -GeneratePassword -HandoutPath $HandoutPath -Reason $Reason)
$added | Format-Table Username, Status, Annotation | Out-Host
exit 2
