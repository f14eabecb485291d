# The PowerShell that `dotnet run --project src/PgEdgeUsers` opens.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/terminal.ps1

    $project = Join-Path $PSScriptRoot ../../src/PgEdgeUsers -Resolve
    $dotnetRun = 'dotnet', 'run', '--no-build', '--project', $project, '--'

    # Runs it with redirected input; returns its output.
    function Invoke-DotnetRun {
        if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no dotnet on the PATH'
        }
        $program, $arguments = $dotnetRun + $args
        $input | & $program @arguments
    }
}

Describe 'dotnet run' {
    BeforeAll {
        $folder = New-Item (Join-Path $TestDrive 'a folder') -ItemType Directory
        Push-Location $folder
    }

    AfterAll {
        Pop-Location
    }

    It 'runs a command with the module, in the current folder, and outputs nothing else' {
        $command = '(Get-Command Get-PgEdgeUser).Source; $PWD.Path; $env:POWERSHELL_TELEMETRY_OPTOUT'
        $output = Invoke-DotnetRun -NoProfile -Command $command

        $output | Should -Be PgEdgeUsers, $folder.FullName, 1
        $LASTEXITCODE | Should -Be 0
    }

    It 'runs a script with arguments as they are, and exits with its code' {
        Set-Content "it's.ps1" 'param([switch] $Off, $Rest) "$Off|$Rest|$args|$PSCommandPath"; exit 5'

        $output = Invoke-DotnetRun -NoProfile -File "it's.ps1" -Off 'q"uo"te $two' "it's"

        $output | Should -Be "True|q`"uo`"te `$two|it's|$(Resolve-Path "it's.ps1")"
        $LASTEXITCODE | Should -Be 5
    }

    It 'gives its input to the command' {
        'one', 'two' | Invoke-DotnetRun -NoProfile -Command '$input | ForEach-Object ToUpper' | Should -Be ONE, TWO
    }

    It 'opens a prompt with a banner, Tab completion and an exit code' {
        $file = New-UserFile
        $terminal = Start-Terminal ($dotnetRun + '-NoProfile') @{ PGEDGE_AUTH_USER_FILE = $file }
        try {
            Wait-Terminal $terminal "User file: $file"
            Wait-Terminal $terminal '> '
            Send-Key $terminal "Disable-PgEdgeU`t al`t`r"
            Wait-Terminal $terminal '> '
            Send-Key $terminal "exit 3`r"
            Close-Terminal $terminal

            $terminal.Process.ExitCode | Should -Be 3
            (Get-PgEdgeUser alice -Path $file).Status | Should -Be Disabled
        }
        finally {
            Stop-Terminal $terminal
        }
    }

    It 'shows no banner on a terminal that runs a command' {
        $terminal = Start-Terminal ($dotnetRun + '-NoProfile', '-Command', '"shown"')
        try {
            $screen = Close-Terminal $terminal

            $screen | Should -Match 'shown\r'
            $screen | Should -Not -Match 'User file'
        }
        finally {
            Stop-Terminal $terminal
        }
    }
}
