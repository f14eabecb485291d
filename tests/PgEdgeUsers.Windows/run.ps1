# Runs the smoke test inside Wine, and writes what came of it to a file: the console is in the way of text.
param([string] $Result)

Import-Module C:\Pester\Pester.psd1
$run = Invoke-Pester -Configuration @{
    Run = @{ Path = 'C:\Smoke.Tests.ps1'; PassThru = $true }
    Output = @{ Verbosity = 'None' }
}
$failures = foreach ($failure in @($run.FailedContainers) + @($run.FailedBlocks) + @($run.Failed)) {
    "  [-] $($failure.ExpandedPath)"
    $failure.ErrorRecord | ForEach-Object { "      $($_.DisplayErrorMessage ?? "$_")" }
}
$count = @($run.FailedContainers) + @($run.FailedBlocks) + @($run.Failed)
$summary = "Windows: $($run.PassedCount) passed, $($count.Count) failed"
Set-Content $Result (@($failures) + $summary)
