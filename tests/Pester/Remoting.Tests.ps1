# Users on another machine. It is this one, through an ssh server that the tests start for themselves.

BeforeAll {
    . $PSScriptRoot/common.ps1

    # Gives the server; where there can be none, $notRun says why.
    function Start-SshServer([string] $Folder) {
        $programs = foreach ($names in @('sshd', '/usr/sbin/sshd'), 'ssh', 'ssh-keygen') {
            Get-Command $names -CommandType Application -ErrorAction Ignore | Select-Object -First 1
        }
        if ($programs.Count -lt 3) {
            $script:notRun = 'ssh and sshd are not on this machine'
            return
        }
        $free = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $free.Start()
        $port = $free.LocalEndpoint.Port
        $free.Stop()
        'host', 'user' | ForEach-Object { ssh-keygen -q -t ed25519 -N '' -f "$Folder/$_" }
        Set-Content "$Folder/config" @"
ListenAddress 127.0.0.1:$port
HostKey $Folder/host
AuthorizedKeysFile $Folder/user.pub
StrictModes no
PermitRootLogin yes
UsePAM no
PidFile none
Subsystem powershell $((Get-Process -Id $PID).Path) -sshs -NoLogo -NoProfile
"@
        $script:there = @{
            HostName = '127.0.0.1'; Port = $port; KeyFilePath = "$Folder/user"
            Options = @{ ConnectionAttempts = 5; BatchMode = 'yes'; IdentitiesOnly = 'yes'; StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; LogLevel = 'ERROR' }
        }
        $server = Start-Process $programs[0].Source "-D -f $Folder/config -E $Folder/log" -PassThru
        $said = ssh -p $port -i "$Folder/user" $there.Options.GetEnumerator().ForEach({ "-o$($_.Key)=$($_.Value)" }) 127.0.0.1 true 2>&1
        if ($LASTEXITCODE -ne 0) {
            $script:notRun = "ssh to this machine does not work: $said $(Get-Content "$Folder/log" -Tail 1)"
        }
        $server
    }

    function Invoke-There([scriptblock] $Command) {
        if ($notRun) {
            Set-ItResult -Skipped -Because $notRun
        }
        Invoke-Command @there $Command
    }

    $server = Start-SshServer (New-Item (Join-Path $TestDrive ssh) -ItemType Directory)
}

AfterAll {
    if ($server) {
        Stop-Process -InputObject $server
    }
}

Describe 'Users on another machine' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'show as those here, and where they are' {
        $users = Invoke-There { Import-Module $using:ModulePath; Get-PgEdgeUser -Path $using:file }

        $screen = $users | Get-Screen
        $screen[0] | Should -Be 'Username Created          Last Login       Status   Annotation PSComputerName'
        $screen[3] | Should -Match '^bob      2024-10-15 \d\d:\d\d Never            Enabled  Admin      127\.0\.0\.1$'
        $users | Where-Object Status -EQ Disabled | Format-Table Username, Status, FailedAttempts | Get-Screen | Select-Object -Last 1 | Should -Match '^charlie\s+Disabled\s+3$'
    }

    It 'can be piped on here' {
        $users = Invoke-There { Import-Module $using:ModulePath; Get-PgEdgeUser -Path $using:file }
        $before = Get-FileHash $file

        $users | Disable-PgEdgeUser -WhatIf
        (Get-FileHash $file).Hash | Should -Be $before.Hash

        ($users | Where-Object Status -EQ Enabled | Disable-PgEdgeUser -PassThru).Username | Should -Be alice, bob
    }

    It 'are changed there, with a password from here' {
        $password = New-Secret 'plum violin orbit ladder'

        $user = Invoke-There { Import-Module $using:ModulePath; Set-PgEdgeUser alice -Password $using:password -Annotation Lead -Path $using:file -PassThru -WarningAction Ignore }

        "$user" | Should -Be alice
        $user.Annotation | Should -Be Lead
        (New-PgEdgeSession -Username alice -Password $password -Path $file).Username | Should -Be alice
    }

    It 'have errors with the same ids' {
        $failed = Invoke-There { Import-Module $using:ModulePath; Get-PgEdgeUser dora -Path $using:file } 2>&1

        $failed.FullyQualifiedErrorId | Should -Be 'UserNotFound,PgEdgeUsers.Commands.GetPgEdgeUserCommand'
        "$failed" | Should -Match "'dora'"
    }
}
