# Runs before the profiles in every PowerShell that `dotnet run` opens.

& {
    $modules = Join-Path $PSScriptRoot ../../../out -Resolve
    $env:PSModulePath = $modules, $env:PSModulePath -join [System.IO.Path]::PathSeparator
    Import-Module PgEdgeUsers -Global

    # After pwsh.dll, -NoLogo, -ConfigurationFile and its path come the user's arguments.
    $arguments = [Environment]::GetCommandLineArgs() | Select-Object -Skip 4
    $isCommand = [bool] ($arguments | Where-Object { $_ -notlike '-nop*' })
    if ([Console]::IsInputRedirected -or $isCommand -and -not ($arguments -like '-noe*')) {
        return
    }
    # A session with a configuration file does not get it by itself.
    Import-Module PSReadLine -Global
    if ([Console]::IsOutputRedirected -or $isCommand) {
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
