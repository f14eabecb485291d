<#
.SYNOPSIS
    Runs the Pester suite in the PowerShell that runs this script: in two processes, each of which takes one test file
    after another.
.DESCRIPTION
    Prints the counts of each file, and every test that failed or was skipped. The exit code is 1 if a test failed, or
    if a file contains no tests, cannot be read or does not run to its end.
.PARAMETER PesterModule
    The Pester module.
.PARAMETER TestFile
    Runs these files alone.
.PARAMETER ClaimFolder
    Runs, in this process, those of the files that no other process has claimed in this folder, and prints the result of
    each as a line of JSON.
#>
param(
    [Parameter(Mandatory)] [string] $PesterModule,
    [string[]] $TestFile = @(Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Sort-Object Length -Descending),
    [string] $ClaimFolder
)

$PSStyle.OutputRendering = 'PlainText'
$ResultMark = 'Result of a test file: '

function Test-Claim([string] $File) {
    try {
        [System.IO.File]::Open((Join-Path $ClaimFolder (Split-Path $File -Leaf)), 'CreateNew').Dispose()
        $true
    }
    catch [System.IO.IOException] {
        $false
    }
}

function Invoke-TestFile([string] $File) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $savedVariables = [Environment]::GetEnvironmentVariables()
    $run = Invoke-Pester -Configuration @{
        Run = @{ Path = $File; PassThru = $true }
        Output = @{ Verbosity = 'None' }
    }
    # What a file sets in the environment must not reach the next one in this process.
    @($savedVariables.Keys) + @([Environment]::GetEnvironmentVariables().Keys) |
        ForEach-Object { [Environment]::SetEnvironmentVariable($_, $savedVariables[$_]) }
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
        if (-not $run.TotalCount) {
            '  [-] The file contains no tests.'
        }
    )
    $ResultMark + ([ordered] @{
            File = $File
            Passed = $run.PassedCount
            Failed = [math]::Max($run.FailedCount, $broken.Count + [int] (-not $run.TotalCount))
            Skipped = $run.SkippedCount
            Seconds = [math]::Round($watch.Elapsed.TotalSeconds)
            Details = $details
        } | ConvertTo-Json -Compress)
}

if ($ClaimFolder) {
    Import-Module $PesterModule
    foreach ($file in $TestFile) {
        if (Test-Claim $file) {
            Invoke-TestFile $file
        }
    }
    exit
}

$ErrorActionPreference = 'Stop'
$shell = @([Environment]::ProcessPath)
if ((Split-Path $shell[0] -LeafBase) -eq 'dotnet') {
    $shell += Join-Path $PSHOME pwsh.dll
}
Write-Host "Pester in PowerShell $($PSVersionTable.PSVersion), $PSHOME"

$ClaimFolder = [System.IO.Directory]::CreateTempSubdirectory('pester-').FullName
$results = 1..2 | ForEach-Object -Parallel {
    $program, [string[]] $arguments = $using:shell
    $arguments += '-NoProfile', '-NonInteractive', '-Command'
    $testFiles = $using:TestFile -join "', '"
    $arguments += "& '$using:PSCommandPath' '$using:PesterModule' '$testFiles' '$using:ClaimFolder'"
    $output = [System.Collections.Generic.List[object]]::new()
    & $program $arguments 2>&1 | ForEach-Object {
        if ("$_".StartsWith($using:ResultMark)) {
            $output.Clear()
            $result = "$_".Substring(($using:ResultMark).Length) | ConvertFrom-Json
            $counts = '{0}: {1} passed, {2} failed, {3} skipped ({4} s)' -f
                (Split-Path $result.File -Leaf), $result.Passed, $result.Failed, $result.Skipped, $result.Seconds
            Write-Host (@($counts) + $result.Details -join "`n")
            $result
        }
        else {
            $output.Add($_)
        }
    }
    if ($LASTEXITCODE) {
        Write-Host (@("  [-] A test process ended with exit code $LASTEXITCODE.") + $output -join "`n")
    }
}
Remove-Item $ClaimFolder -Recurse

foreach ($file in $TestFile | Where-Object { $_ -notin $results.File }) {
    Write-Host "$(Split-Path $file -Leaf):`n  [-] The file did not run to its end."
    $results += [pscustomobject] @{ File = $file; Passed = 0; Failed = 1; Skipped = 0 }
}
$passed, $failed, $skipped = 'Passed', 'Failed', 'Skipped' | ForEach-Object { ($results | Measure-Object $_ -Sum).Sum }
Write-Host "Pester: $passed passed, $failed failed, $skipped skipped"
exit [int] ($failed -or -not $passed)
