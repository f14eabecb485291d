# Runs before the profiles in every PowerShell that `dotnet run` opens.

$env:PSModulePath = (Join-Path $PSScriptRoot ../../../out -Resolve) + [System.IO.Path]::PathSeparator + $env:PSModulePath
Import-Module PgEdgeUsers

& {
    # After pwsh.dll, -NoLogo, -ConfigurationFile and its path come the user's arguments.
    $arguments = [Environment]::GetCommandLineArgs() | Select-Object -Skip 4 | Where-Object { $_ -notlike '-nop*' }
    if ($arguments -or [Console]::IsInputRedirected -or [Console]::IsOutputRedirected) {
        return
    }
    Write-Host "PgEdgeUsers $((Get-Module PgEdgeUsers).Version) in PowerShell $($PSVersionTable.PSVersion)"
    try {
        $file = Get-PgEdgeUserFile -WarningAction Ignore
        Write-Host "User file: $($file.Path)$(if ($file.Exists -eq $false) { ' (does not exist yet)' })"
    }
    catch {
        Write-Host $_ # The first command reports it in full.
    }
    Write-Host "Try: New-PgEdgeUser alice`n     Get-PgEdgeUser`n"
}
