<#
.SYNOPSIS
    Runs the Pester suite in the PowerShell that runs this script: each test file in its own process, two at a time.
.DESCRIPTION
    Prints the counts of each file, and every test that failed or was skipped. The exit code is 1 if a test failed, or
    if a file contains no tests, cannot be read or does not run to its end.
.PARAMETER PesterModule
    The Pester module.
.PARAMETER TestFile
    Runs this file alone, in this process, and ends the output with the result as one line of JSON.
#>
param(
    [Parameter(Mandatory)] [string] $PesterModule,
    [string] $TestFile
)

$PSStyle.OutputRendering = 'PlainText'

if ($TestFile) {
    Import-Module $PesterModule
    $run = Invoke-Pester -Configuration @{
        Run = @{ Path = $TestFile; PassThru = $true }
        Output = @{ Verbosity = 'None' }
    }
    $broken = @($run.FailedContainers) + @($run.FailedBlocks)
    $details = @(
        foreach ($failure in $broken + @($run.Failed)) {
            foreach ($record in $failure.ErrorRecord) {
                "  [-] $($failure.ExpandedPath)"
                $message = $record.DisplayErrorMessage ?? "$record"
                $message, $record.DisplayStackTrace -split '\n' -replace '^', '      '
            }
        }
        foreach ($test in $run.Skipped) {
            "  [!] $($test.ExpandedPath) $($test.ErrorRecord)"
        }
    )
    [ordered] @{
        Passed = $run.PassedCount
        Failed = [math]::Max($run.FailedCount, $broken.Count)
        Skipped = $run.SkippedCount
        Details = $details
    } | ConvertTo-Json -Compress
    exit
}

$ErrorActionPreference = 'Stop'
# These processes end before code that was optimized by profile could pay off.
$env:DOTNET_TieredPGO = 0
$shell = @([Environment]::ProcessPath)
if ((Split-Path $shell[0] -LeafBase) -eq 'dotnet') {
    $shell += Join-Path $PSHOME pwsh.dll
}
Write-Host "Pester in PowerShell $($PSVersionTable.PSVersion), $PSHOME"

# The largest first, so that the two processes end at about the same time.
$files = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Sort-Object Length -Descending
$results = $files | ForEach-Object -ThrottleLimit 2 -Parallel {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $program, [string[]] $arguments = $using:shell
    $arguments += '-NoProfile', '-NonInteractive', '-File', $using:PSCommandPath, $using:PesterModule, $_
    $output = @(& $program $arguments 2>&1)
    $result = try { "$($output[-1])" | ConvertFrom-Json -ErrorAction Stop } catch { }
    if (-not $result) {
        $details = @('  [-] The file did not run to its end:') + $output
        $result = @{ Passed = 0; Failed = 1; Skipped = 0; Details = $details }
    }
    elseif (-not ($result.Passed + $result.Failed + $result.Skipped)) {
        $result = @{ Passed = 0; Failed = 1; Skipped = 0; Details = '  [-] The file contains no tests.' }
    }
    $counts = '{0}: {1} passed, {2} failed, {3} skipped ({4:n0} s)' -f
        $_.Name, $result.Passed, $result.Failed, $result.Skipped, $watch.Elapsed.TotalSeconds
    Write-Host (@($counts) + $result.Details -join "`n")
    [pscustomobject] $result
}

$passed, $failed, $skipped = 'Passed', 'Failed', 'Skipped' | ForEach-Object { ($results | Measure-Object $_ -Sum).Sum }
Write-Host "Pester: $passed passed, $failed failed, $skipped skipped"
exit [int] ($failed -or -not $passed)
