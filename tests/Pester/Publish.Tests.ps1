# The prompt as it is published for a machine without .NET and PowerShell.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $published = Join-Path $TestDrive published
    $said = dotnet publish (Join-Path $PSScriptRoot ../../src/PgEdgeUsers.Host) -p:PublishProfile=SelfContained -r ([System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier) "-p:PublishDir=$published/" "-p:StagedModule=$TestDrive/module/" --artifacts-path (Join-Path $TestDrive artifacts) 2>&1
    if ($LASTEXITCODE -ne 0) {
        # It needs packages that the build does not, and there may be no network.
        $notRun = $said | Select-String 'error NU\d+.*' | Select-Object -First 1 | ForEach-Object { $_.Matches[0].Value }
        $notRun | Should -Not -BeNullOrEmpty -Because "dotnet publish said: $said"
    }

    # Runs it where there is neither.
    function Invoke-Published([string] $Command) {
        if ($notRun) {
            Set-ItResult -Skipped -Because "its packages could not be had: $notRun"
        }
        $before = $env:PATH, $env:DOTNET_ROOT, $env:PGEDGE_AUTH_USER_FILE
        $env:PATH, $env:DOTNET_ROOT, $env:PGEDGE_AUTH_USER_FILE = $TestDrive, $TestDrive, $file
        try {
            & (Join-Path $published pgedge-users) -NonInteractive -Command $Command
        }
        finally {
            $env:PATH, $env:DOTNET_ROOT, $env:PGEDGE_AUTH_USER_FILE = $before
        }
    }
}

Describe 'The published prompt' {
    BeforeAll {
        $file = New-UserFile
    }

    It 'brings its own .NET, engine and module' {
        $folders = Invoke-Published '[object], [powershell], (Get-Command Get-PgEdgeUser).ImplementingType | ForEach-Object { [IO.Path]::GetDirectoryName($_.Assembly.Location) }'

        $folders | Should -Be $published, $published, (Join-Path $published Modules/PgEdgeUsers)
    }

    It 'adds, lists, changes, signs in and removes' {
        $shown = Invoke-Published '
            $user = New-PgEdgeUser dora -GeneratePassword -Annotation Lead
            $null = New-PgEdgeSession -Username dora -Password $user.GeneratedPassword
            Disable-PgEdgeUser alice -WarningAction Ignore
            Remove-PgEdgeUser bob -Confirm:$false -WarningAction Ignore
            Get-PgEdgeUser'

        $LASTEXITCODE | Should -Be 0
        $shown -match '^\w' -replace '\d{4}-\d\d-\d\d \d\d:\d\d', '<time>' | Should -Be @(
            'Username Created          Last Login       Status   Annotation'
            'alice    <time> <time> Disabled Developer'
            'charlie  <time> <time> Disabled Former emp'
            'dora     <time> <time> Enabled  Lead'
        )
        (Get-PgEdgeUser -Path $file).Username | Should -Be alice, charlie, dora
    }
}
