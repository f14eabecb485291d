# The runbooks that compare hosts, with three ssh servers on this machine in place of three hosts.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/ssh.ps1
    $runbooks = Join-Path $PSScriptRoot ../../docs/runbooks -Resolve

    if (-not $NoSsh) {
        $bin = (New-Item (Join-Path $TestDrive bin) -ItemType Directory).FullName
        $files = [ordered] @{}
        $servers = foreach ($name in 'mcp1', 'mcp2', 'mcp3') {
            $files[$name] = New-UserFile
            $server = Start-SshServer $files[$name]
            Add-Content $bin/config "Host $name"
            Add-Content $bin/config $server.Options.GetEnumerator().ForEach({ "    $($_.Key) $($_.Value)" })
            $server
        }
        # ssh and scp read the configuration of the account, which is not touched here.
        foreach ($program in 'ssh', 'scp') {
            $path = (Get-Command $program -CommandType Application | Select-Object -First 1).Source
            Set-Content $bin/$program "#!/bin/sh`nexec $path -F $bin/config `"`$@`""
            chmod +x $bin/$program
        }
        $env:PATH = "${bin}:$env:PATH"
        $env:PSModulePath = "$(Split-Path $ModulePath):$env:PSModulePath"
        $env:NO_COLOR = '1'
        # Copies of the user files must be gone from here.
        $env:TMPDIR = (New-Item (Join-Path $TestDrive tmp) -ItemType Directory).FullName
    }

    function Invoke-Drift([string] $Name) {
        $program, $arguments = @($ShellCommand) + '-NonInteractive', '-NoProfile', '-File', "$runbooks/$Name" + $args
        $output = @(& $program $arguments 2> $TestDrive/stderr)
        $code = $LASTEXITCODE
        $errors = @(Get-Content $TestDrive/stderr)
        Assert-NoSecret $output $errors
        [pscustomobject] @{
            ExitCode = $code; Output = $output.Where({ $_ }).ForEach('TrimEnd'); Errors = $errors
        }
    }

    # What the runbooks found, without the heading.
    function Get-Row($Result) {
        $Result.Output | Select-Object -Skip 2 | ForEach-Object { $_ -replace ' +', ' ' }
    }
}

AfterAll {
    $servers.Process | Where-Object { $_ } | Stop-Process
}

Describe 'Drift between three hosts' {
    BeforeAll {
        if (-not $NoSsh) {
            Set-PgEdgeUser bob -Password (New-Secret $Passwords.new) -Path $files.mcp3
            Disable-PgEdgeUser alice -Path $files.mcp2
            Set-PgEdgeUser bob -Annotation Lead -Path $files.mcp2
            Remove-PgEdgeUser charlie -Confirm:$false -Path $files.mcp3
            [pscustomobject] @{ Username = 'dora'; Status = 'Disabled' } | Sync-PgEdgeUser -Path $files.mcp3
            $files.Values.ForEach({ Set-UserFile $_ (Get-Text $_) })
        }
    }

    BeforeEach {
        if ($NoSsh) {
            Set-ItResult -Skipped -Because $NoSsh
        }
    }

    It 'is one table' {
        $result = Invoke-Drift drift.ps1 mcp1 mcp2 mcp3

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output[0] | Should -Be 'PSComputerName Username Difference'
        $rows = Get-Row $result
        $rows | Should -HaveCount 5
        $rows[0] | Should -BeExactly "mcp2 alice Status: 'Enabled' -> 'Disabled'"
        $rows[1] | Should -BeExactly "mcp2 bob Annotation: 'Admin' -> 'Lead'"
        $rows[2] | Should -Match "^mcp3 bob PasswordLastSet: '' -> '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'$"
        $rows[3, 4] | Should -BeExactly 'mcp3 charlie missing', 'mcp3 dora only here'
        $files.Values.ForEach({ Test-Untouched $_ }) | Should -Be $true, $true, $true
    }

    It 'is returned as objects with the name of their host' {
        $rows = & $runbooks/drift.ps1 mcp1, mcp2, mcp3 -PassThru

        $LASTEXITCODE | Should -Be 2
        $rows.PSComputerName | Should -Be mcp2, mcp2, mcp3, mcp3, mcp3
        $rows.Username | Should -Be alice, bob, bob, charlie, dora
    }

    It 'includes passwords if the user files are compared, and leaves no copies' {
        $result = Invoke-Drift password-drift.ps1 mcp1 mcp2 mcp3 -UserFile users.yaml

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $text = $result.Output -join "`n" -replace ' +', ' '
        $text | Should -Match 'Action Username Changes PSComputerName'
        $text | Should -Match '(?m)^Change bob Password: changed mcp3$'
        $text | Should -Match '(?m)^Remove dora .*mcp3$'
        $text | Should -Not -Match '(?m)^Change alice Password'
        Get-ChildItem $env:TMPDIR -Filter drift-* | Should -BeNullOrEmpty
        $files.Values.ForEach({ Test-Untouched $_ }) | Should -Be $true, $true, $true
    }

    It 'is nothing if the hosts are equal: <_>' -ForEach 'drift.ps1', 'password-drift.ps1' {
        $userFile = $_ -eq 'drift.ps1' ? @() : @('-UserFile', 'users.yaml')

        $result = Invoke-Drift $_ mcp1 mcp1 @userFile

        $result.ExitCode | Should -Be 0
        $result.Output | Should -BeNullOrEmpty
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'is an error that names the host if a host cannot be asked' {
        $unknown = Invoke-Drift drift.ps1 mcp1 nowhere.invalid
        $missing = Invoke-Drift password-drift.ps1 mcp1 mcp2 -UserFile nowhere.yaml
        Rename-Item $files.mcp3 away.yaml
        $noFile = Invoke-Drift drift.ps1 mcp1 mcp3
        Rename-Item (Join-Path (Split-Path $files.mcp3) away.yaml) users.yaml

        $unknown.ExitCode, $missing.ExitCode, $noFile.ExitCode | Should -Be 1, 1, 1
        # PowerShell also prints what ssh said.
        ($unknown.Output + $missing.Output + $noFile.Output) -notmatch '^ssh: ' | Should -BeNullOrEmpty
        $unknown.Errors[-1] | Should -BeLike 'drift.ps1: *nowhere.invalid*'
        $missing.Errors[-1] | Should -Be "password-drift.ps1: scp could not copy 'nowhere.yaml' from mcp1."
        $noFile.Errors | Should -BeLike 'drift.ps1: mcp3 The user file * does not exist.*'
        Get-ChildItem $env:TMPDIR -Filter drift-* | Should -BeNullOrEmpty
    }
}
