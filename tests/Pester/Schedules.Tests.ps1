# The schedules in docs/runbooks: each runs the nightly job in a process that knows nothing else of the environment.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/runbooks.ps1

    # A line of a schedule, with the paths of this test, in a process that knows nothing else of the environment.
    function Invoke-Job([string] $Command, [string[]] $Variables) {
        $Command = $Command.Replace('/usr/local/lib/pgedge-users', $runbooks).Replace('/usr/bin/pwsh', 'pwsh')
        $Command = $Command.Replace('/etc/pgedge/roster.csv', 'roster.csv').Replace('/var/lib/pgedge-users', '.')
        Invoke-Program env (@('-i') + $Variables + "PATH=${bin}:/usr/bin:/bin" + "PSModulePath=$env:PSModulePath" +
            "PGEDGE_AUTH_USER_FILE=$file" + '/bin/sh' + '-c' + $Command)
    }
}

Describe 'The nightly job' {
    BeforeEach {
        if ($IsWindows) {
            Set-ItResult -Skipped -Because 'cron, systemd and Ansible do not run on Windows'
        }
        $file = New-UserFile
        Set-NightlyRoster
    }

    It 'runs from cron, without HOME and TERM' {
        $cron = Get-Content $runbooks/pgedge-users.cron | Where-Object { $_ -notlike '#*' }
        $job = [regex]::Match($cron[-1], '^(\S+ ){5}root (pwsh .*)$').Groups[2].Value
        $variables = $cron -match '^\w+=' -notmatch '^PATH='

        $result = Invoke-Job $job $variables
        $again = Invoke-Job $job $variables

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output.ForEach('TrimEnd') | Should -BeExactly $NightlyChanges
        $again.ExitCode | Should -Be 0
        $again.Output | Should -BeNullOrEmpty
    }

    It 'runs from systemd, for which both exit codes of a job that worked are a success' {
        $unit = Get-Content $runbooks/pgedge-users.service
        $job = ($unit -match '^ExecStart=') -replace '^ExecStart='
        $variables = $unit -match '^Environment=' -replace '^Environment='

        $result = Invoke-Job $job $variables

        $result.Errors | Should -BeNullOrEmpty
        $unit | Should -Contain "SuccessExitStatus=$($result.ExitCode)"
        $result.Output.ForEach('TrimEnd') | Should -BeExactly $NightlyChanges
        (Invoke-Job $job $variables).ExitCode | Should -Be 0
    }

    It 'has units that systemd accepts' {
        if (-not (Get-Command systemd-analyze -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no systemd-analyze on this machine'
        }
        $units = New-Item (Join-Path $TestDrive units) -ItemType Directory
        foreach ($unit in Get-ChildItem $runbooks/pgedge-users.service, $runbooks/pgedge-users.timer) {
            Set-Content $units/$($unit.Name) (Get-Content $unit -Raw).Replace('/usr/bin/pwsh', "$bin/pwsh")
        }

        $said = systemd-analyze verify $units/pgedge-users.service $units/pgedge-users.timer 2>&1

        $said | Where-Object { $_ -match 'pgedge' } | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
    }

    It 'runs from Ansible, which shows the plan with --check and then changes once' {
        if (-not (Get-Command ansible-playbook -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no ansible-playbook on this machine'
        }
        Copy-Item $runbooks/pgedge-users.yml (Split-Path $file)
        $job = "ansible-playbook -i mcp, -c local pgedge-users.yml -e pgedge_runbooks=$runbooks " +
            "-e pgedge_folder=$(Split-Path $file)/managed"
        $variables = "HOME=$TestDrive", 'LANG=C.UTF-8'

        $plan = Invoke-Job "$job --check" $variables
        Test-Untouched $file | Should -BeTrue
        $result = Invoke-Job $job $variables
        $again = Invoke-Job $job $variables
        Set-Roster 'Username'
        $failed = Invoke-Job $job $variables

        $plan.Output -match '^mcp .* changed=2 .* failed=0 ' | Should -HaveCount 1
        "$($plan.Output)" | Should -BeLike '*Add     dora *'
        $result.ExitCode | Should -Be 0
        $result.Output -match '^mcp .* changed=1 .* failed=0 ' | Should -HaveCount 1
        $again.Output -match '^mcp .* changed=0 .* failed=0 ' | Should -HaveCount 1
        $failed.ExitCode | Should -Not -Be 0
        $failed.Output -match '^mcp .* failed=1 ' | Should -HaveCount 1
        Get-User | Should -BeExactly @(
            'alice Enabled Lead', 'bob Enabled Admin', 'charlie Disabled Former emp', 'dora Enabled Dora')
        (Import-Csv (Get-Handout)).Username | Should -Be dora
    }
}
